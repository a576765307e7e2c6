namespace FaceBridge
{
    /// <summary>
    /// When a connection is tried again: 0.25, 0.5, 1, 2, 2, … s after the one before. Between two tries the socket stays open
    /// and listens, so that a server that returns is found at once.
    /// </summary>
    internal sealed class Retries
    {
        const long AnswerTime = 2 * Clock.Second;

        static readonly long[] Waits = { Clock.Second / 4, Clock.Second / 2, Clock.Second, 2 * Clock.Second };

        int tries;
        long due;
        long until;

        /// <summary>A first try, at once, with time for an answer.</summary>
        public void Begin()
        {
            tries = 0;
            due = 0;
            until = 0;
        }

        /// <summary>The stream is open: the next loss is a first one.</summary>
        public void Succeeded()
        {
            tries = 0;
        }

        /// <summary>The connection broke: the next try comes after the next wait.</summary>
        public void Lost(long now)
        {
            due = now + NextWait();
        }

        /// <summary>Nobody was there: the next try comes at once and lasts for the next wait.</summary>
        public void Again()
        {
            due = 0;
        }

        /// <summary>Whether it is time for a try; it begins then.</summary>
        public bool Due(long now)
        {
            if (now < due)
                return false;
            until = now + (tries == 0 ? AnswerTime : Waits[Index]);
            return true;
        }

        /// <summary>Whether a try has had its time; one that could say HELLO gets time for the answer.</summary>
        public bool GivenUp(long now, long greeted)
        {
            if (now < (greeted > 0 ? greeted + AnswerTime : until))
                return false;
            tries++;
            return true;
        }

        int Index
        {
            get { return tries < Waits.Length ? tries : Waits.Length - 1; }
        }

        long NextWait()
        {
            long wait = Waits[Index];
            tries++;
            return wait;
        }
    }
}
