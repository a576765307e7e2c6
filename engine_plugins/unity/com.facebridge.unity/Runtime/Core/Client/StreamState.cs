using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>One stream on one connection: opened, steered, fed with the newest frame, acknowledged.</summary>
    internal sealed class StreamState
    {
        readonly MessageBuilder builder = new MessageBuilder();
        bool answerDue;
        bool ackDue;
        long ack;
        long lastSent;

        /// <summary>What it is called on the wire.</summary>
        public readonly int Number;

        /// <summary>As granted; null before OPENED.</summary>
        public Grant Grant { get; private set; }

        /// <summary>Why the server said no to OPEN; "" where it did not.</summary>
        public string Refusal { get; private set; }

        public StreamState(int number)
        {
            Number = number;
            Refusal = "";
        }

        /// <summary>Whether a message is about this stream.</summary>
        public bool Concerns(Message message)
        {
            return message.Integer(Streams.Of(message.Table)) == Number;
        }

        /// <summary>Ask for what is wanted and not yet asked for, one question at a time.</summary>
        public void Steer(Connection connection, Wishes wishes)
        {
            bool other = wishes.Asked == null || wishes.Wanted.OtherLook(wishes.Asked);
            if (answerDue || !other)
                return;
            try
            {
                if (!connection.Post(Request(wishes)))
                    return;
                wishes.Ask();
                answerDue = true;
            }
            catch (ProtocolException error)
            {
                wishes.Ask();
                Refuse(wishes, Standing.Declined(error.Message, ""));
            }
        }

        MessageBuilder Request(Wishes wishes)
        {
            return wishes.Asked == null
                ? StreamRequests.Opening(builder, Number, wishes.Wanted)
                : StreamRequests.Changing(builder, Number, wishes.Wanted, wishes.Asked);
        }

        /// <summary>Whether only another stream will do for what is wanted.</summary>
        public bool Outgrown(Wishes wishes)
        {
            return !answerDue && wishes.Asked != null && wishes.Wanted.OtherStream(wishes.Asked);
        }

        public void Open(Message opened, Wishes wishes)
        {
            Grant = new Grant(opened);
            answerDue = false;
            wishes.Grant();
        }

        /// <summary>The server said no to the settings.</summary>
        public void Fail(Message error, Wishes wishes)
        {
            string name = error.Text(Error.Name);
            string reason = Standing.Declined(error.Text(Error.Text), name);
            if (Grant != null && (ErrorCode)error.Integer(Error.Code) == ErrorCode.GeneratorFailed)
                wishes.Withdraw(reason);  // granted, and then the model could not do it
            else if (answerDue)
                Refuse(wishes, reason);
        }

        /// <summary>Without a grant that is the end; else all goes on as it was.</summary>
        void Refuse(Wishes wishes, string reason)
        {
            answerDue = false;
            if (Grant == null)
                Refusal = reason;
            else
                wishes.Refuse(reason);
        }

        public void Acknowledge(long sequence)
        {
            ack = sequence;
            ackDue = true;
        }

        /// <summary>Send the acknowledgement that is due.</summary>
        public void Flush(Connection connection)
        {
            if (ackDue && connection.Post(builder.Begin(Ack.Table).Set(Ack.Stream, Number).Set(Ack.Sequence, ack)))
                ackDue = false;
        }

        /// <summary>Send a frame; false where there is no stream yet, the socket is full or the server's rate is kept.</summary>
        public bool Send(Connection connection, Frame frame, long sequence, long now)
        {
            bool soon = (now - lastSent) * connection.Offer.MaxRate < Clock.Second;
            if (Grant == null || soon || frame.Basis != Grant.Basis)
                return false;
            builder.Begin(Curves.Table).Set(Curves.Stream, Number).Set(Curves.Sequence, sequence);
            builder.Set(Curves.Captured, frame.Captured).Set(Curves.Timecode, frame.Timecode);
            if (!connection.Post(builder.Set(Curves.Values, frame.Values)))
                return false;
            lastSent = now;
            return true;
        }

        public MessageBuilder Closing()
        {
            return builder.Begin(Wire.Close.Table).Set(Wire.Close.Stream, Number);
        }
    }
}
