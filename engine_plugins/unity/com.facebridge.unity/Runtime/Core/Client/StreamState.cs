using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>One stream on one connection: opened, steered, fed with the newest frame, acknowledged.</summary>
    internal sealed class StreamState
    {
        readonly MessageBuilder builder = new MessageBuilder();
        readonly int number;
        StreamSettings asked;
        StreamSettings inForce;
        bool answerDue;
        bool ackDue;
        long ack;
        long lastSent;

        /// <summary>As granted; null before OPENED.</summary>
        public Grant Grant { get; private set; }

        /// <summary>Why it could not be opened, or a change not be made; "" where nothing was refused.</summary>
        public string Refusal { get; private set; }

        public StreamState(int number)
        {
            this.number = number;
            Refusal = "";
        }

        /// <summary>Whether the server said no to OPEN.</summary>
        public bool Refused
        {
            get { return Grant == null && Refusal != ""; }
        }

        /// <summary>Whether a message is about this stream.</summary>
        public bool Concerns(Message message)
        {
            return message.Integer(Streams.Of(message.Table)) == number;
        }

        /// <summary>Ask for what is wanted and not yet asked for, one question at a time.</summary>
        public void Steer(Connection connection, StreamSettings wanted)
        {
            if (answerDue)
                return;
            if (asked == null)
                Ask(connection, StreamRequests.Opening(builder, number, wanted, connection.Offer), wanted);
            else if (inForce != null && wanted.OtherLook(asked))
                Ask(connection, StreamRequests.Changing(builder, number, wanted, inForce), wanted);
        }

        /// <summary>Whether only another stream will do for these settings.</summary>
        public bool Outgrown(StreamSettings wanted)
        {
            return asked != null && wanted.OtherStream(asked);
        }

        public void Open(Message opened)
        {
            Grant = new Grant(opened);
            inForce = asked;
            answerDue = false;
        }

        /// <summary>The server said no to OPEN or CONTROL.</summary>
        public void Refuse(string text)
        {
            Refusal = text;
            answerDue = false;
        }

        public void Acknowledge(long sequence)
        {
            ack = sequence;
            ackDue = true;
        }

        /// <summary>Send the acknowledgement that is due.</summary>
        public void Flush(Connection connection)
        {
            if (ackDue && connection.Post(builder.Begin(Ack.Table).Set(Ack.Stream, number).Set(Ack.Sequence, ack)))
                ackDue = false;
        }

        /// <summary>Send a frame; false where there is no stream yet, the socket is full or the server's rate is kept.</summary>
        public bool Send(Connection connection, Frame frame, long sequence, long now)
        {
            bool soon = (now - lastSent) * connection.Offer.MaxRate < Clock.Second;
            if (Grant == null || soon || frame.Basis != Grant.Basis)
                return false;
            builder.Begin(Curves.Table).Set(Curves.Stream, number).Set(Curves.Sequence, sequence);
            builder.Set(Curves.Captured, frame.Captured).Set(Curves.Timecode, frame.Timecode);
            if (!connection.Post(builder.Set(Curves.Values, frame.Values)))
                return false;
            lastSent = now;
            return true;
        }

        public MessageBuilder Closing()
        {
            return asked == null ? null : builder.Begin(Wire.Close.Table).Set(Wire.Close.Stream, number);
        }

        void Ask(Connection connection, MessageBuilder request, StreamSettings wanted)
        {
            if (!connection.Post(request))
                return;
            asked = wanted.Copy();
            answerDue = true;
            Refusal = "";
        }
    }
}
