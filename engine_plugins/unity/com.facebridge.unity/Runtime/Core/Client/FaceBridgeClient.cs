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
        Wishes wishes = new Wishes();
        int closing = -1;  // a stream whose CLOSE has not come back: the server still counts it
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

        /// <summary>The colour of the state; amber also where it streams and a change of settings was refused.</summary>
        public StatusColour Colour
        {
            get { return State == ClientState.Streaming && Fault != "" ? StatusColour.Amber : ClientStates.Colour(State); }
        }

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
            get
            {
                return State == ClientState.Streaming
                    ? Standing.Streaming(wishes.InForce.Identity, wishes.InForce.Size, Fault)
                    : Standing.Of(State, wanted == null ? "" : wanted.Address, Fault);
            }
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
            else if (State == ClientState.Refused)
            {
                wishes = new Wishes();
                Become(ClientState.Connecting, "");
            }
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
            connection.Watch();
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
            wishes = new Wishes();
            retries.Begin();
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
                Become(ClientState.Refused, error.Message.TrimEnd('.', ' '));
            }
            catch (DllNotFoundException)
            {
                Become(ClientState.Refused, Standing.LibraryMissing);
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
                Drop(ClientState.Waiting, Standing.Nobody(wanted.Address));
            }
        }

        void Drop(ClientState state, string fault)
        {
            connection.Dispose();
            connection = null;
            EndStream();
            closing = -1;
            if (State != ClientState.Refused)  // that it stays until the settings change
                Become(state, fault);
        }

        void Steer(long now)
        {
            Offer = connection.Offer;
            if (State == ClientState.Refused)
                return;
            wishes.Wish(wanted, Offer);
            if (stream != null && stream.Refusal == "" && stream.Outgrown(wishes))
                CloseStream();
            if (closing >= 0)
                return;
            if (stream == null)
                stream = new StreamState(streams++ % (Limits.Stream + 1));
            if (stream.Refusal == "")
                stream.Steer(connection, wishes);
            if (stream.Refusal != "")
            {
                if (!wishes.Changed)  // else it is asked for anew: what was refused is not wanted any more
                    Become(ClientState.Refused, stream.Refusal);
                EndStream();
            }
            else if (stream.Grant != null)
                Stream(now);
        }

        /// <summary>The next one is opened when the CLOSE has come back.</summary>
        void CloseStream()
        {
            if (!connection.Post(stream.Closing()))
                return;
            closing = stream.Number;
            EndStream();
        }

        void EndStream()
        {
            stream = null;
            wishes.End();
            Figures.EndStream();
            frame.Waiting = false;
        }

        void Stream(long now)
        {
            retries.Succeeded();
            Become(ClientState.Streaming, wishes.Refusal);
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
                if (message.Table == Close.Table && message.Integer(Close.Stream) == closing)
                    closing = -1;
                else if (stream != null && stream.Concerns(message))
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
                stream.Open(message, wishes);
            else if (message.Table == Error.Table)
                Fail();
            else
                connection.Lose(Standing.StreamClosed);
            return false;
        }

        void Fail()
        {
            if (message.Integer(Error.Sequence) >= 0)
                Figures.Failed++;
            else
                stream.Fail(message, wishes);
        }

        void Leave()
        {
            if (connection != null)
                connection.Leave(stream == null || wishes.Asked == null ? null : stream.Closing());
            connection = null;
            closing = -1;
            EndStream();
        }

        void Become(ClientState state, string fault)
        {
            State = state;
            Fault = fault;
        }
    }
}
