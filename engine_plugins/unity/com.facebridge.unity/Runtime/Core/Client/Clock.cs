using System.Diagnostics;

namespace FaceBridge
{
    /// <summary>The clock of all times here: microseconds since any origin, never going back.</summary>
    public static class Clock
    {
        /// <summary>A second in its unit.</summary>
        public const long Second = 1000000;

        /// <summary>Microseconds.</summary>
        public static long Now
        {
            get
            {
                // Whole seconds apart from the rest: the product of all ticks and a million would not fit.
                long ticks = Stopwatch.GetTimestamp();
                return ticks / Stopwatch.Frequency * Second + ticks % Stopwatch.Frequency * Second / Stopwatch.Frequency;
            }
        }
    }
}
