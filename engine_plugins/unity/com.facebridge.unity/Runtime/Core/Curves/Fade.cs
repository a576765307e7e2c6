namespace FaceBridge
{
    /// <summary>How visible the face is: fully while pictures come, and after a loss held for a while and then faded.</summary>
    public sealed class Fade
    {
        double last = double.NegativeInfinity;

        /// <summary>A picture came at `now`, seconds of any clock.</summary>
        public void Refresh(double now)
        {
            last = now;
        }

        /// <summary>1 for `hold` seconds after the last picture, then down to 0 within `fade` seconds; hold below 0 never fades.</summary>
        public float Presence(double now, double hold, double fade)
        {
            if (double.IsNegativeInfinity(last))
                return 0;
            double gone = now - last - hold;
            if (hold < 0 || gone <= 0)
                return 1;
            return fade <= gone ? 0 : (float)(1 - gone / fade);
        }
    }
}
