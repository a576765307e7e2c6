namespace FaceBridge.Wire
{
    internal enum TokenKind
    {
        Nil,
        Boolean,
        Integer,
        Float,
        Text,
        Binary,
        List,
        Map,
    }

    /// <summary>One MessagePack value, or the head of a list or map.</summary>
    internal struct Token
    {
        public TokenKind Kind;

        /// <summary>An integer, or 1 for true.</summary>
        public long Integer;

        /// <summary>Whether the integer is beyond 2^63-1, and <see cref="Integer"/> is not it.</summary>
        public bool Huge;

        public double Number;

        /// <summary>Where the bytes of a text or binary begin.</summary>
        public int Start;

        /// <summary>Bytes of a text or binary, entries of a list or map.</summary>
        public int Count;

        public bool IsNumber
        {
            get { return Kind == TokenKind.Integer || Kind == TokenKind.Float; }
        }

        public double AsNumber
        {
            get { return Kind == TokenKind.Float ? Number : Huge ? double.MaxValue : Integer; }
        }
    }
}
