namespace FaceBridge.Wire
{
    /// <summary>Client to server, first of all.</summary>
    public static class Hello
    {
        public static readonly Field VersionMin = Field.Whole("version_min", 1, 65535);
        public static readonly Field VersionMax = Field.Whole("version_max", 1, 65535);
        public static readonly Field Client = Field.Text("client", 0).Default("");
        public static readonly Field Bases = Field.Of(FieldKind.Names, "bases").Optional();
        public static readonly Field Codecs = Field.Of(FieldKind.Names, "codecs").Optional();
        public static readonly Table Table = new Table("HELLO", VersionMin, VersionMax, Client, Bases, Codecs);
    }

    /// <summary>Server to client, the answer: what can be had, and the limits.</summary>
    public static class Welcome
    {
        public static readonly Field Version = Field.Whole("version", 1, 65535);
        public static readonly Field Server = Field.Text("server", 0);
        public static readonly Field Model = Field.Text("model", 1);
        public static readonly Field Bases = Field.Of(FieldKind.Names, "bases");
        public static readonly Field Codecs = Field.Of(FieldKind.Names, "codecs");
        public static readonly Field Sizes = Field.Of(FieldKind.Sizes, "sizes");
        public static readonly Field Identities = Field.Of(FieldKind.Names, "identities");
        public static readonly Field MaxMessage = Field.Whole("max_message", 1, Limits.Integer);
        public static readonly Field MaxStreams = Field.Whole("max_streams", 1, Limits.Integer);
        public static readonly Field MaxRate = Field.Real("max_rate", 0, Limits.Rate);
        public static readonly Field MaxCredit = Field.Whole("max_credit", 1, Limits.Credit);
        public static readonly Field Clock = Field.Whole("clock", 0, Limits.Integer);
        public static readonly Field Capabilities = Field.Of(FieldKind.Names, "capabilities").Optional();

        public static readonly Table Table = new Table(
            "WELCOME", Version, Server, Model, Bases, Codecs, Sizes, Identities, MaxMessage, MaxStreams, MaxRate,
            MaxCredit, Clock, Capabilities);
    }

    /// <summary>Client to server: open a stream, one performer drawn as one identity.</summary>
    public static class Open
    {
        public static readonly Field Stream = Field.Whole("stream", 0, Limits.Stream);
        public static readonly Field Subject = Field.Text("subject", 0);
        public static readonly Field Identity = Field.Text("identity", 1);
        public static readonly Field Basis = Field.Text("basis", 1);
        public static readonly Field Size = Field.Whole("size", 1, Limits.Size);
        public static readonly Field Codec = Field.Choice("codec", Codecs.All).Default("jpeg");
        public static readonly Field RowOrder = Field.Choice("row_order", Codecs.RowOrders).Default("top");
        public static readonly Field Delivery = Field.Choice("delivery", Codecs.Deliveries).Default("newest");
        public static readonly Field Credit = Field.Whole("credit", 1, Limits.Credit).Default(2);
        public static readonly Field Seed = Field.Whole("seed", 0, Limits.Seed).Default(0);
        public static readonly Field Steps = Field.Whole("steps", 0, Limits.Steps).Default(0);
        public static readonly Field ExpressionScale = Field.Real("expression_scale", 0, Limits.ExpressionScale).Default(1.0);
        public static readonly Field ReferenceScale = Field.Real("reference_scale", 0, Limits.ReferenceScale).Default(0.8);
        public static readonly Field Light = Field.Of(FieldKind.Direction, "light").Optional();
        public static readonly Field Backdrop = Field.Of(FieldKind.Colour, "backdrop").Default("");

        public static readonly Table Table = new Table(
            "OPEN", Stream, Subject, Identity, Basis, Size, Codec, RowOrder, Delivery, Credit, Seed, Steps,
            ExpressionScale, ReferenceScale, Light, Backdrop);
    }

    /// <summary>Server to client: the stream as it was granted.</summary>
    public static class Opened
    {
        public static readonly Field Stream = Field.Whole("stream", 0, Limits.Stream);
        public static readonly Field Identity = Field.Text("identity", 1);
        public static readonly Field Basis = Field.Text("basis", 1);
        public static readonly Field Size = Field.Whole("size", 1, Limits.Size);
        public static readonly Field Codec = Field.Choice("codec", Codecs.All);
        public static readonly Field RowOrder = Field.Choice("row_order", Codecs.RowOrders);
        public static readonly Field Delivery = Field.Choice("delivery", Codecs.Deliveries);
        public static readonly Field Credit = Field.Whole("credit", 1, Limits.Credit);
        public static readonly Field Seed = Field.Whole("seed", 0, Limits.Seed);
        public static readonly Field Steps = Field.Whole("steps", 0, Limits.Steps);
        public static readonly Field ExpressionScale = Field.Real("expression_scale", 0, Limits.ExpressionScale);
        public static readonly Field ReferenceScale = Field.Real("reference_scale", 0, Limits.ReferenceScale).Default(0.8);
        public static readonly Field Notice = Field.Prose("notice").Default("");
        public static readonly Field Light = Field.Of(FieldKind.Direction, "light").Optional();
        public static readonly Field Backdrop = Field.Of(FieldKind.Colour, "backdrop").Default("");

        public static readonly Table Table = new Table(
            "OPENED", Stream, Identity, Basis, Size, Codec, RowOrder, Delivery, Credit, Seed, Steps, ExpressionScale,
            ReferenceScale, Notice, Light, Backdrop);
    }

    /// <summary>Client to server: one frame of a performance.</summary>
    public static class Curves
    {
        public static readonly Field Stream = Field.Whole("stream", 0, Limits.Stream);
        public static readonly Field Sequence = Field.Whole("sequence", 0, Limits.Integer);
        public static readonly Field Captured = Field.Whole("captured", 0, Limits.Integer);
        public static readonly Field Timecode = Field.Text("timecode", 0);
        public static readonly Field Values = Field.Of(FieldKind.Curves, "values");
        public static readonly Table Table = new Table("CURVES", Stream, Sequence, Captured, Timecode, Values);
    }

    /// <summary>Server to client: the picture of one frame; its pixels are part 1.</summary>
    public static class Picture
    {
        public static readonly Field Stream = Field.Whole("stream", 0, Limits.Stream);
        public static readonly Field Sequence = Field.Whole("sequence", 0, Limits.Integer);
        public static readonly Field Captured = Field.Whole("captured", 0, Limits.Integer);
        public static readonly Field Timecode = Field.Text("timecode", 0);
        public static readonly Field Width = Field.Whole("width", 1, Limits.Size);
        public static readonly Field Height = Field.Whole("height", 1, Limits.Size);
        public static readonly Field Codec = Field.Choice("codec", Codecs.All);
        public static readonly Field RowOrder = Field.Choice("row_order", Codecs.RowOrders);
        public static readonly Field Repeated = Field.Truth("repeated");
        public static readonly Field Dropped = Field.Whole("dropped", 0, Limits.Integer);
        public static readonly Field Received = Field.Whole("received", 0, Limits.Integer);
        public static readonly Field Taken = Field.Whole("taken", 0, Limits.Integer);
        public static readonly Field Drawn = Field.Whole("drawn", 0, Limits.Integer);
        public static readonly Field Sent = Field.Whole("sent", 0, Limits.Integer);

        public static readonly Table Table = new Table(
            "PICTURE", Stream, Sequence, Captured, Timecode, Width, Height, Codec, RowOrder, Repeated, Dropped,
            Received, Taken, Drawn, Sent);
    }

    /// <summary>Client to server: every picture up to and including the sequence has arrived.</summary>
    public static class Ack
    {
        public static readonly Field Stream = Field.Whole("stream", 0, Limits.Stream);
        public static readonly Field Sequence = Field.Whole("sequence", 0, Limits.Integer);
        public static readonly Table Table = new Table("ACK", Stream, Sequence);
    }

    /// <summary>Client to server: change a stream while it runs; what is left out stays.</summary>
    public static class Control
    {
        public static readonly Field Stream = Field.Whole("stream", 0, Limits.Stream);
        public static readonly Field Identity = Field.Text("identity", 1).OrUnchanged();
        public static readonly Field ExpressionScale = Field.Real("expression_scale", 0, Limits.ExpressionScale).OrUnchanged();
        public static readonly Field Steps = Field.Whole("steps", 0, Limits.Steps).OrUnchanged();
        public static readonly Field Seed = Field.Whole("seed", 0, Limits.Seed).OrUnchanged();
        public static readonly Field Reset = Field.Truth("reset").Default(0);
        public static readonly Field ReferenceScale = Field.Real("reference_scale", 0, Limits.ReferenceScale).OrUnchanged();
        public static readonly Field Light = Field.Of(FieldKind.Direction, "light").OrUnchanged();
        public static readonly Field Backdrop = Field.Of(FieldKind.Colour, "backdrop").OrUnchanged();

        public static readonly Table Table = new Table(
            "CONTROL", Stream, Identity, ExpressionScale, Steps, Seed, Reset, ReferenceScale, Light, Backdrop);
    }

    /// <summary>Server to client: counters of the whole server since it started.</summary>
    public static class Stats
    {
        public static readonly Table Request = new Table("STATS");

        public static readonly Table Table = new Table(
            "STATS", Count("clients"), Count("streams"), Count("received"), Count("drawn"), Count("repeated"),
            Count("dropped"), Count("rejected"), Count("sent"), Count("uptime"), Field.Of(FieldKind.Counts, "errors"));

        static Field Count(string name)
        {
            return Field.Whole(name, 0, Limits.Integer);
        }
    }

    /// <summary>Either way: are you there, and what is your clock?</summary>
    public static class Ping
    {
        public static readonly Field Sent = Field.Whole("sent", 0, Limits.Integer);
        public static readonly Table Table = new Table("PING", Sent);
    }

    /// <summary>The answer to PING.</summary>
    public static class Pong
    {
        public static readonly Field Sent = Field.Whole("sent", 0, Limits.Integer);
        public static readonly Field Received = Field.Whole("received", 0, Limits.Integer);
        public static readonly Field Replied = Field.Whole("replied", 0, Limits.Integer);
        public static readonly Table Table = new Table("PONG", Sent, Received, Replied);
    }

    /// <summary>Server to client: a refusal.</summary>
    public static class Error
    {
        public static readonly Field Code = Field.Whole("code", 1, 65535);
        public static readonly Field Name = Field.Text("name", 1);
        public static readonly Field Text = Field.Prose("text");
        public static readonly Field Stream = Field.Whole("stream", -1, Limits.Stream).Default(-1);
        public static readonly Field Sequence = Field.Whole("sequence", -1, Limits.Integer).Default(-1);
        public static readonly Field Fatal = Field.Truth("fatal").Default(0);
        public static readonly Table Table = new Table("ERROR", Code, Name, Text, Stream, Sequence, Fatal);
    }

    /// <summary>Client to server, then back: end a stream.</summary>
    public static class Close
    {
        public static readonly Field Stream = Field.Whole("stream", 0, Limits.Stream);
        public static readonly Table Table = new Table("CLOSE", Stream);
    }

    /// <summary>Either way: the connection ends.</summary>
    public static class Bye
    {
        public static readonly Field Reason = Field.Prose("reason").Default("");
        public static readonly Table Table = new Table("BYE", Reason);
    }
}
