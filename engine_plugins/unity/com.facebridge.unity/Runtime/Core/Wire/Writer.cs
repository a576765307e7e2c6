using System;
using System.Text;

namespace FaceBridge.Wire
{
    /// <summary>Writes MessagePack into a buffer that grows when it must and is then used again: the shortest form of all.</summary>
    internal sealed class Writer
    {
        /// <summary>The buffer; its first <see cref="Length"/> bytes are what was written.</summary>
        public byte[] Bytes { get; private set; }

        public int Length { get; private set; }

        public Writer(int capacity)
        {
            Bytes = new byte[capacity];
        }

        public void Clear()
        {
            Length = 0;
        }

        public void Map(int count)
        {
            Head(count, 15, 0x80, 0, 0xde, 0xdf);
        }

        public void List(int count)
        {
            Head(count, 15, 0x90, 0, 0xdc, 0xdd);
        }

        public void Flag(bool value)
        {
            Big(value ? 0xc3 : 0xc2, 1);
        }

        public void Number(double value)
        {
            Big(0xcb, 1);
            Big(BitConverter.DoubleToInt64Bits(value), 8);
        }

        public void Integer(long value)
        {
            if (value >= 0)
                Positive(value);
            else
                Negative(value);
        }

        public void Text(string text)
        {
            int count = Encoding.UTF8.GetByteCount(text);
            TextHead(count);
            Text(text, count);
        }

        /// <summary>The head of a text whose bytes follow.</summary>
        public void TextHead(int count)
        {
            Head(count, 31, 0xa0, 0xd9, 0xda, 0xdb);
        }

        /// <summary>The head of a binary whose bytes follow.</summary>
        public void BinaryHead(int count)
        {
            Head(count, -1, 0, 0xc4, 0xc5, 0xc6);
        }

        /// <summary>The bytes of a text without a head.</summary>
        public void Text(string text, int count)
        {
            Encoding.UTF8.GetBytes(text, 0, text.Length, Bytes, Room(count));
        }

        public void Raw(byte[] from, int start, int count)
        {
            int at = Room(count);
            Buffer.BlockCopy(from, start, Bytes, at, count);
        }

        /// <summary>float32, little-endian, as CURVES has them.</summary>
        public void Floats(float[] values, int count)
        {
            int at = Room(4 * count);
            Buffer.BlockCopy(values, 0, Bytes, at, 4 * count);
            if (!BitConverter.IsLittleEndian)
                for (int index = 0; index < count; index++)
                    Array.Reverse(Bytes, at + 4 * index, 4);
        }

        void Positive(long value)
        {
            if (value < 0x80)
                Big(value, 1);
            else if (value <= 0xff)
                Typed(0xcc, value, 1);
            else if (value <= 0xffff)
                Typed(0xcd, value, 2);
            else if (value <= 0xffffffff)
                Typed(0xce, value, 4);
            else
                Typed(0xcf, value, 8);
        }

        void Negative(long value)
        {
            if (value >= -32)
                Big(value, 1);
            else if (value >= sbyte.MinValue)
                Typed(0xd0, value, 1);
            else if (value >= short.MinValue)
                Typed(0xd1, value, 2);
            else if (value >= int.MinValue)
                Typed(0xd2, value, 4);
            else
                Typed(0xd3, value, 8);
        }

        void Head(int count, int fixedMost, int fixedType, int type8, int type16, int type32)
        {
            if (count <= fixedMost)
                Big(fixedType | count, 1);
            else if (type8 != 0 && count <= 0xff)
                Typed(type8, count, 1);
            else if (count <= 0xffff)
                Typed(type16, count, 2);
            else
                Typed(type32, count, 4);
        }

        void Typed(int type, long value, int bytes)
        {
            Big(type, 1);
            Big(value, bytes);
        }

        void Big(long value, int count)
        {
            int at = Room(count);
            for (int index = count - 1; index >= 0; index--, value >>= 8)
                Bytes[at + index] = (byte)value;
        }

        /// <summary>Where the next `count` bytes go.</summary>
        int Room(int count)
        {
            int at = Length;
            Length += count;
            if (Length > Bytes.Length)
            {
                byte[] larger = new byte[Math.Max(Length, 2 * Bytes.Length)];
                Buffer.BlockCopy(Bytes, 0, larger, 0, at);
                Bytes = larger;
            }
            return at;
        }
    }
}
