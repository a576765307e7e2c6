namespace FaceBridge
{
    /// <summary>The server's clock minus ours, from the PONG with the shortest round trip of the last eight.</summary>
    public sealed class ClockOffset
    {
        const int Kept = 8;

        readonly long[] offsets = new long[Kept];
        readonly long[] roundTrips = new long[Kept];
        int count;

        /// <summary>Microseconds; the error is at most half the round trip.</summary>
        public long Offset { get; private set; }

        /// <summary>Microseconds; -1 before the first PONG.</summary>
        public long RoundTrip { get; private set; }

        /// <summary>Begin with WELCOME's clock, which is too small by the way down.</summary>
        public void Begin(long serverClock, long now)
        {
            count = 0;
            Offset = serverClock - now;
            RoundTrip = -1;
        }

        /// <summary>Take in a PONG, read at `arrival` of our clock.</summary>
        public void Add(long sent, long received, long replied, long arrival)
        {
            offsets[count % Kept] = (received - sent + (replied - arrival)) / 2;
            roundTrips[count % Kept] = arrival - sent - (replied - received);
            count++;
            int best = 0;
            for (int index = 1; index < count && index < Kept; index++)
                if (roundTrips[index] < roundTrips[best])
                    best = index;
            Offset = offsets[best];
            RoundTrip = roundTrips[best];
        }
    }
}
