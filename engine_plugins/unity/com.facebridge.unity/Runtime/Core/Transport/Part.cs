using System;
using System.Runtime.InteropServices;

namespace FaceBridge.Transport
{
    /// <summary>A buffer that one part of a message is read into. It grows to the largest part and is used again.</summary>
    public sealed class Part
    {
        /// <summary>The buffer; its first <see cref="Count"/> bytes are the part.</summary>
        public byte[] Bytes = new byte[0];

        /// <summary>Bytes of the part.</summary>
        public int Count;

        internal void Fill(IntPtr data, int count)
        {
            if (Bytes.Length < count)
                Bytes = new byte[count];
            Count = count;
            if (count > 0)
                Marshal.Copy(data, Bytes, 0, count);
        }
    }
}
