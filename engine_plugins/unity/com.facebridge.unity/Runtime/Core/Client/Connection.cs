using System;
using FaceBridge.Transport;
using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>How far a connection is.</summary>
    internal enum ConnectionPhase
    {
        Reaching,
        Greeting,
        Ready,
        Lost,
        Refused,
    }

    /// <summary>One connection from HELLO to its end: it greets, pings, answers pings, and says when and why it is over.</summary>
    internal sealed class Connection : IDisposable
    {
        const long PingInterval = Clock.Second;
        const long LongestSilence = 3 * Clock.Second;
        const int MostFailedHandshakes = 3;

        readonly Dealer dealer;
        readonly string client;
        readonly string address;
        readonly bool secured;
        readonly Part header = new Part();
        readonly Decoder decoder = new Decoder();
        readonly Encoder encoder = new Encoder();
        readonly MessageBuilder builder = new MessageBuilder();
        long heard;
        long pinged;

        public ConnectionPhase Phase { get; private set; }

        /// <summary>Why it is lost or refused, and what to do.</summary>
        public string Fault { get; private set; }

        /// <summary>When HELLO left, µs; 0 before.</summary>
        public long Greeted { get; private set; }

        /// <summary>What the server has; null before WELCOME.</summary>
        public ServerOffer Offer { get; private set; }

        public readonly ClockOffset Offset = new ClockOffset();

        public Connection(StreamSettings settings, string client)
        {
            dealer = new Dealer(settings.Address, settings.Keys);
            address = settings.Address;
            secured = !settings.Keys.None;
            this.client = client;
            Fault = "";
        }

        /// <summary>Send a message; false where the socket cannot take it now.</summary>
        public bool Post(MessageBuilder message)
        {
            encoder.Encode(message.Message);
            return dealer.TrySend(encoder.Bytes, encoder.Length);
        }

        /// <summary>Read the next message that is about a stream; its pixels go into `pixels`. False where none has come.</summary>
        public bool Next(Message message, Part pixels)
        {
            while (Phase != ConnectionPhase.Lost && Phase != ConnectionPhase.Refused)
            {
                int parts = dealer.TryReceive(header, pixels);
                if (parts == 0)
                    return false;
                heard = Clock.Now;
                if (Readable(message, parts, parts > 1 ? pixels.Count : 0) && !Handled(message))
                    return true;
            }
            return false;
        }

        /// <summary>Look whether the link stands. Before what came is read: then a goodbye in it is not missed.</summary>
        public void Watch()
        {
            dealer.Watch();
        }

        /// <summary>Let time pass: greet, ping, notice a link that broke or fell silent.</summary>
        public void Tick(long now)
        {
            if (dealer.Handshake == Handshake.Refused || dealer.FailedHandshakes >= MostFailedHandshakes)
                End(ConnectionPhase.Refused, secured ? Standing.KeysRefused(address) : Standing.TurnedAway(address));
            else if (dealer.Handshake == Handshake.Broken)
                Lose(Standing.Gone(address));
            if (Phase == ConnectionPhase.Reaching)
                Greet(now);
            else if (Phase == ConnectionPhase.Ready)
                KeepAlive(now);
        }

        /// <summary>It is over, and another may be better.</summary>
        public void Lose(string reason)
        {
            End(ConnectionPhase.Lost, reason);
        }

        /// <summary>Say goodbye and close, within the socket's farewell even where nobody listens.</summary>
        public void Leave(MessageBuilder close)
        {
            if (close != null)
                Post(close);
            if (Phase == ConnectionPhase.Ready)
                Post(builder.Begin(Bye.Table).Set(Bye.Reason, ""));
            dealer.Close(Phase == ConnectionPhase.Ready ? Dealer.Farewell : 0);
        }

        public void Dispose()
        {
            dealer.Dispose();
        }

        void Greet(long now)
        {
            builder.Begin(Hello.Table).Set(Hello.VersionMin, Limits.Version).Set(Hello.VersionMax, Limits.Version);
            builder.Set(Hello.Client, client);
            if (!Post(builder))
                return;
            Greeted = now;
            Phase = ConnectionPhase.Greeting;
        }

        void KeepAlive(long now)
        {
            if (now - heard >= LongestSilence)
                Lose(Standing.Silent(address));
            else if (now - pinged >= PingInterval && Post(builder.Begin(Ping.Table).Set(Ping.Sent, now)))
                pinged = now;
        }

        bool Readable(Message message, int parts, long pixels)
        {
            try
            {
                decoder.Decode(header.Bytes, header.Count, parts, pixels, message);
                return true;
            }
            catch (ProtocolException error)
            {
                if (error.Code != ErrorCode.UnknownMessage)
                    Lose(Standing.Unreadable(error.Message));
                return false;
            }
        }

        /// <summary>Whether the message was about the connection, and is dealt with.</summary>
        bool Handled(Message message)
        {
            if (message.Table == Picture.Table || message.Table == Opened.Table || message.Table == Close.Table)
                return Phase != ConnectionPhase.Ready;
            if (message.Table == Error.Table)
                return Failed(message);
            if (message.Table == Welcome.Table)
                Enter(message);
            else if (message.Table == Ping.Table)
                Answer(message);
            else if (message.Table == Pong.Table)
                Offset.Add(message.Integer(Pong.Sent), message.Integer(Pong.Received), message.Integer(Pong.Replied), heard);
            else if (message.Table == Bye.Table)
                Lose(Standing.Goodbye);
            return true;
        }

        void Enter(Message welcome)
        {
            Offer = new ServerOffer(welcome);
            Offset.Begin(welcome.Integer(Welcome.Clock), heard);
            Phase = ConnectionPhase.Ready;
        }

        void Answer(Message ping)
        {
            builder.Begin(Pong.Table).Set(Pong.Sent, ping.Integer(Ping.Sent)).Set(Pong.Received, heard);
            Post(builder.Set(Pong.Replied, Clock.Now));
        }

        bool Failed(Message error)
        {
            var code = (ErrorCode)error.Integer(Error.Code);
            if (!error.Flag(Error.Fatal))
                return false;
            if (code == ErrorCode.VersionUnsupported || code == ErrorCode.Unsupported)
                End(ConnectionPhase.Refused, Standing.TooOld(error.Text(Error.Text)));
            else
                Lose(Standing.Ended(error.Text(Error.Text)));
            return true;
        }

        void End(ConnectionPhase phase, string fault)
        {
            if (Phase == ConnectionPhase.Lost || Phase == ConnectionPhase.Refused)
                return;
            Phase = phase;
            Fault = fault;
        }
    }
}
