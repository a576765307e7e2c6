namespace FaceBridge.Wire
{
    /// <summary>The keys of a map in a buffer.</summary>
    internal sealed class KeySet
    {
        readonly Reader outer = new Reader();
        readonly Reader inner = new Reader();

        /// <summary>Whether a map, whose `count` entries begin at `start` and are sound, has a key twice.</summary>
        public bool Repeats(byte[] bytes, int start, int count)
        {
            outer.Begin(bytes, start, bytes.Length - start);
            for (int index = 0; index < count; index++)
            {
                Token key = outer.ReadKey();
                outer.Skip(0);
                inner.Begin(bytes, outer.At, bytes.Length - outer.At);
                for (int other = index + 1; other < count; other++)
                {
                    Token later = inner.ReadKey();
                    if (Same(bytes, key, later))
                        return true;
                    inner.Skip(0);
                }
            }
            return false;
        }

        static bool Same(byte[] bytes, Token one, Token other)
        {
            if (one.Count != other.Count)
                return false;
            for (int index = 0; index < one.Count; index++)
                if (bytes[one.Start + index] != bytes[other.Start + index])
                    return false;
            return true;
        }
    }
}
