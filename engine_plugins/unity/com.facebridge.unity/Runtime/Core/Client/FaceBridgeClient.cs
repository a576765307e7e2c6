using System;
using FaceBridge.Transport;
using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>
    /// A client for one stream that never blocks: give it settings, then call <see cref="Update"/> every frame of the engine,
    /// from one thread. It connects, opens the stream, tries again when the server is gone, and says what it does.
    /// </summary>
    public sealed class FaceBridgeClient : IDisposable
    {
        readonly string name;
        readonly Message message = new Message();
        readonly Frame frame = new Frame();
        readonly Retries retries = new Retries();
        Part spare = new Part();
        StreamSettings wanted;
        Connection connection;
        StreamState stream;
        int streams;
        long sequence;

        /// <summary>A client that does nothing yet; `name` is for the server's log.</summary>
        public FaceBridgeClient(string name)
        {
            this.name = name;
            Figures = new Figures();
            Fault = "";
            LiveClients.Add(this);
        }

        /// <summary>Where it stands.</summary>
        public ClientState State { get; private set; }

        /// <summary>Why the server is gone or said no, with what to do; "" where all is well.</summary>
        public string Fault { get; private set; }

        /// <summary>What the server has; null before it answered.</summary>
        public ServerOffer Offer { get; private set; }

        /// <summary>Rates, counts and latency.</summary>
        public Figures Figures { get; private set; }

        /// <summary>The stream as granted; null while none is open.</summary>
        public Grant Grant
        {
            get { return stream == null ? null : stream.Grant; }
        }

        /// <summary>The server's clock minus <see cref="Clock"/>, microseconds; 0 without a server.</summary>
        public long ClockOffset
        {
            get { return connection == null ? 0 : connection.Offset.Offset; }
        }

        /// <summary>One short sentence: what is, and what to do. Makes a string.</summary>
        public string Status
        {
            get { return StatusText.Of(this, wanted == null ? "" : wanted.Address); }
        }

        /// <summary>
        /// Want these settings from now on: connect, change the stream, or open another, as it takes. The same settings once
        /// more change nothing and cost nothing; to try again what was refused, <see cref="Disconnect"/> first.
        /// </summary>
        public void Apply(StreamSettings settings)
        {
            if (State == ClientState.Closed)
                throw new ObjectDisposedException("FaceBridgeClient");
            if (wanted != null && wanted.Same(settings))
                return;
            bool elsewhere = wanted == null || wanted.OtherServer(settings);
            wanted = settings.Copy();
            if (elsewhere || State == ClientState.Refused && connection == null)
                Restart();
            else if (State == ClientState.Refused || stream != null && stream.Outgrown(wanted))
                Reopen();
        }

        /// <summary>Say goodbye; <see cref="Apply"/> connects again.</summary>
        public void Disconnect()
        {
            Leave();
            wanted = null;
            Offer = null;
            if (State != ClientState.Closed)
                Become(ClientState.Offline, "");
        }

        /// <summary>
        /// Send curves in the order of `basis`, the settings' own. The newest frame alone waits for its turn, and none is
        /// kept while no stream is open. ArgumentException where the values do not fit; false where nobody is connected.
        /// </summary>
        public bool Send(string basis, float[] values, string timecode = "")
        {
            if (Grant == null)
                return false;
            frame.Put(basis, values, timecode, Clock.Now);
            Flush(Clock.Now);
            return true;
        }

        /// <summary>Take in what has arrived and let time pass. True where `picture` is now a newer one.</summary>
        public bool Update(ReceivedPicture picture)
        {
            long now = Clock.Now;
            Figures.Tick(now);
            if (connection == null && !Begin(now))
                return false;
            bool fresh = Listen(picture);
            connection.Tick(now);
            if (connection.Phase == ConnectionPhase.Ready)
                Steer(now);
            else
                Await(now);
            return fresh;
        }

        /// <summary>Say goodbye and end, within 100 ms. Twice is no fault.</summary>
        public void Dispose()
        {
            Disconnect();
            Become(ClientState.Closed, "");
            LiveClients.Remove(this);
        }

        void Restart()
        {
            Leave();
            Offer = null;
            retries.Begin();
            Become(ClientState.Connecting, "");
        }

        void Reopen()
        {
            MessageBuilder closing = stream == null ? null : stream.Closing();
            if (closing != null && connection != null)
                connection.Post(closing);
            stream = null;
            Become(ClientState.Connecting, "");
        }

        bool Begin(long now)
        {
            if (wanted == null || State == ClientState.Refused || !retries.Due(now))
                return false;
            try
            {
                connection = new Connection(wanted, name);
            }
            catch (ArgumentException error)
            {
                Become(ClientState.Refused, error.Message);
            }
            catch (DllNotFoundException)
            {
                Become(ClientState.Refused, "libzmq is missing: run fetch_natives.py, or take the release that has it.");
            }
            return connection != null;
        }

        /// <summary>No WELCOME yet, or no more: start again when the time has come.</summary>
        void Await(long now)
        {
            if (connection.Phase == ConnectionPhase.Refused)
                Drop(ClientState.Refused, connection.Fault);
            else if (connection.Phase == ConnectionPhase.Lost)
            {
                retries.Lost(now);
                Drop(ClientState.Waiting, connection.Fault);
            }
            else if (retries.GivenUp(now, connection.Greeted))
            {
                retries.Again();
                Drop(ClientState.Waiting, "");
            }
        }

        void Drop(ClientState state, string fault)
        {
            connection.Dispose();
            connection = null;
            stream = null;
            frame.Waiting = false;
            // What the last connection ended with stays the reason until the next has an answer.
            Become(state, fault == "" && State == ClientState.Waiting ? Fault : fault);
        }

        void Steer(long now)
        {
            Offer = connection.Offer;
            if (State == ClientState.Refused)
                return;
            if (stream == null)
                stream = new StreamState(streams++ % (Limits.Stream + 1));
            try
            {
                stream.Steer(connection, wanted);
            }
            catch (ProtocolException error)
            {
                stream.Refuse(error.Message);
            }
            if (stream.Refused)
                Become(ClientState.Refused, stream.Refusal);
            else if (stream.Grant != null)
                Stream(now);
        }

        void Stream(long now)
        {
            retries.Succeeded();
            Become(ClientState.Streaming, stream.Refusal);
            Flush(now);
        }

        void Flush(long now)
        {
            if (!frame.Waiting || !stream.Send(connection, frame, sequence, now))
                return;
            frame.Waiting = false;
            sequence++;
            Figures.Sent++;
        }

        /// <summary>Read all that has come; of several pictures the last is shown and all are acknowledged.</summary>
        bool Listen(ReceivedPicture picture)
        {
            bool fresh = false;
            while (connection.Next(message, spare))
                if (stream != null && stream.Concerns(message))
                    fresh |= Take(picture);
            if (stream != null)
                stream.Flush(connection);
            return fresh;
        }

        bool Take(ReceivedPicture picture)
        {
            if (message.Table == Picture.Table)
            {
                stream.Acknowledge(message.Integer(Picture.Sequence));
                spare = picture.Take(message, spare, Clock.Now);
                Figures.Count(picture);
                return true;
            }
            if (message.Table == Opened.Table)
                stream.Open(message);
            else if (message.Table == Error.Table)
                Fail();
            else
                stream = null;
            return false;
        }

        void Fail()
        {
            if (message.Integer(Error.Sequence) >= 0)
                Figures.Failed++;
            else
                stream.Refuse(message.Text(Error.Name) + ": " + message.Text(Error.Text));
        }

        void Leave()
        {
            if (connection != null)
                connection.Leave(stream == null ? null : stream.Closing());
            connection = null;
            stream = null;
            frame.Waiting = false;
        }

        void Become(ClientState state, string fault)
        {
            State = state;
            Fault = fault;
        }
    }
}
