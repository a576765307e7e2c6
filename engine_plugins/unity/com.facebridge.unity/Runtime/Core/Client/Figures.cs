namespace FaceBridge
{
    /// <summary>What an overlay shows: counted since the client was made, unless it says otherwise.</summary>
    public sealed class Figures
    {
        long windowBegan;
        int windowPictures;
        long droppedBefore;  // in earlier streams

        /// <summary>Pictures in the last full second.</summary>
        public double PicturesPerSecond { get; private set; }

        /// <summary>Pictures that came.</summary>
        public long Pictures { get; private set; }

        /// <summary>Of them, those of a still face.</summary>
        public long Repeated { get; private set; }

        /// <summary>Frames that the server passed over for newer ones.</summary>
        public long Dropped { get; private set; }

        /// <summary>Frames sent.</summary>
        public long Sent { get; internal set; }

        /// <summary>Frames the server refused or could not draw.</summary>
        public long Failed { get; internal set; }

        /// <summary>The last picture's.</summary>
        public Latency Latency { get; private set; }

        internal void Count(ReceivedPicture picture)
        {
            Pictures++;
            windowPictures++;
            Repeated += picture.Repeated ? 1 : 0;
            Dropped = droppedBefore + picture.Dropped;
            Latency = picture.Latency;
        }

        /// <summary>The next picture is another stream's, which counts from 0.</summary>
        internal void EndStream()
        {
            droppedBefore = Dropped;
        }

        /// <summary>Let time pass.</summary>
        internal void Tick(long now)
        {
            if (now - windowBegan < Clock.Second)
                return;
            PicturesPerSecond = windowPictures * (double)Clock.Second / (now - windowBegan);
            windowPictures = 0;
            windowBegan = now;
        }
    }
}
