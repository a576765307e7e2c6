namespace FaceBridge
{
    /// <summary>Where a picture's time went, milliseconds. The last four add up to the first.</summary>
    public struct Latency
    {
        /// <summary>From the capture of the curves to the picture's arrival, on our own clock.</summary>
        public double Total;

        /// <summary>On the way there and back: what was not spent in the server.</summary>
        public double Transport;

        /// <summary>In the server, for the model to be free.</summary>
        public double Wait;

        /// <summary>In the model.</summary>
        public double Generate;

        /// <summary>In the image codec.</summary>
        public double Encode;

        internal static Latency Of(Wire.Message picture, long arrival)
        {
            long total = arrival - picture.Integer(Wire.Picture.Captured);
            long received = picture.Integer(Wire.Picture.Received);
            long taken = picture.Integer(Wire.Picture.Taken);
            long drawn = picture.Integer(Wire.Picture.Drawn);
            long sent = picture.Integer(Wire.Picture.Sent);
            return new Latency
            {
                Total = total / 1000.0,
                Transport = (total - (sent - received)) / 1000.0,
                Wait = (taken - received) / 1000.0,
                Generate = (drawn - taken) / 1000.0,
                Encode = (sent - drawn) / 1000.0,
            };
        }
    }
}
