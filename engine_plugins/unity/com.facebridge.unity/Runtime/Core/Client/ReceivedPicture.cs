using System;
using FaceBridge.Transport;
using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>
    /// A picture and what came back with it. Its owner makes one and gives it to every <see cref="FaceBridgeClient.Update"/>,
    /// which writes each new picture over the last: no frame costs memory once the largest picture has come.
    /// </summary>
    public sealed class ReceivedPicture
    {
        Part part = new Part();
        string timecode = "";
        readonly byte[] timecodeBytes = new byte[Limits.NameBytes];
        int timecodeCount;

        /// <summary>The number of the frame it shows.</summary>
        public long Sequence { get; private set; }

        /// <summary>When the frame was captured, microseconds of <see cref="Clock"/>.</summary>
        public long Captured { get; private set; }

        /// <summary>Pixels; 0 before the first picture.</summary>
        public int Width { get; private set; }

        /// <summary>Pixels; 0 before the first picture.</summary>
        public int Height { get; private set; }

        /// <summary>What <see cref="Pixels"/> hold: one of <see cref="Codecs"/>.</summary>
        public string Codec { get; private set; }

        /// <summary>Whether the bottom row comes first, as textures want it.</summary>
        public bool BottomFirst { get; private set; }

        /// <summary>Whether the face stood still, and the pixels are the last ones again.</summary>
        public bool Repeated { get; private set; }

        /// <summary>Frames of the stream that were overwritten so far.</summary>
        public long Dropped { get; private set; }

        /// <summary>Where its time went.</summary>
        public Latency Latency { get; private set; }

        /// <summary>The pixels, or the JPEG file; the first <see cref="PixelBytes"/> bytes count.</summary>
        public byte[] Pixels
        {
            get { return part.Bytes; }
        }

        /// <summary>Bytes of <see cref="Pixels"/> that are the picture's.</summary>
        public int PixelBytes
        {
            get { return part.Count; }
        }

        /// <summary>The timecode that was sent with the frame; a string is made only where it differs from the last one.</summary>
        public string Timecode
        {
            get
            {
                if (timecode == null)
                    timecode = Utf8.Text(timecodeBytes, 0, timecodeCount);
                return timecode;
            }
        }

        /// <summary>Copy the pixels into a buffer of the caller's. ArgumentException where it is too small.</summary>
        public void CopyTo(byte[] buffer)
        {
            if (buffer.Length < PixelBytes)
                throw new ArgumentException("the picture has " + PixelBytes + " bytes, the buffer only " + buffer.Length);
            Buffer.BlockCopy(Pixels, 0, buffer, 0, PixelBytes);
        }

        /// <summary>Become the picture of a message, and give the old buffer away for the next.</summary>
        internal Part Take(Message message, Part pixels, long arrival)
        {
            Part old = part;
            part = pixels;
            Sequence = message.Integer(Picture.Sequence);
            Captured = message.Integer(Picture.Captured);
            Width = (int)message.Integer(Picture.Width);
            Height = (int)message.Integer(Picture.Height);
            Codec = message.Chosen(Picture.Codec);
            BottomFirst = message.Is(Picture.RowOrder, "bottom");
            Repeated = message.Flag(Picture.Repeated);
            Dropped = message.Integer(Picture.Dropped);
            Latency = Latency.Of(message, arrival);
            TakeTimecode(message.Bytes, message[Picture.Timecode]);
            return old;
        }

        void TakeTimecode(byte[] bytes, Slot slot)
        {
            bool same = slot.Count == timecodeCount;
            for (int index = 0; same && index < slot.Count; index++)
                same = bytes[slot.Start + index] == timecodeBytes[index];
            if (same)
                return;
            Buffer.BlockCopy(bytes, slot.Start, timecodeBytes, 0, slot.Count);
            timecodeCount = slot.Count;
            timecode = null;
        }
    }
}
