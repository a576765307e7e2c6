using System;

namespace FaceBridge.Wire
{
    /// <summary>Reads MessagePack values from a buffer one by one, and takes no memory for what a count announces.</summary>
    internal sealed class Reader
    {
        byte[] bytes;
        int end;
        readonly byte[] turned = new byte[8];

        /// <summary>Where the next value begins.</summary>
        public int At { get; set; }

        public bool Ended
        {
            get { return At == end; }
        }

        public void Begin(byte[] buffer, int start, int count)
        {
            bytes = buffer;
            At = start;
            end = start + count;
        }

        /// <summary>The next value; of a list or map the head alone. ProtocolException malformed where there is none.</summary>
        public Token Read()
        {
            byte first = bytes[Take(1)];
            if (first < 0x80)
                return Whole(first);
            if (first >= 0xe0)
                return Whole((sbyte)first);
            if (first < 0x90)
                return Group(TokenKind.Map, first & 0x0f);
            if (first < 0xa0)
                return Group(TokenKind.List, first & 0x0f);
            return first < 0xc0 ? Run(TokenKind.Text, first & 0x1f) : Long(first);
        }

        /// <summary>Pass over one whole value, `level` maps and lists deep, and check all that is in it.</summary>
        public void Skip(int level)
        {
            Token token = Read();
            if (token.Kind != TokenKind.Map && token.Kind != TokenKind.List)
                return;
            if (level >= Limits.Nesting)
                throw Malformed("nests more than " + Limits.Nesting + " maps and lists");
            for (int index = 0; index < token.Count; index++)
            {
                if (token.Kind == TokenKind.Map)
                    ReadKey();
                Skip(level + 1);
            }
        }

        /// <summary>A key of a map, which is a text.</summary>
        public Token ReadKey()
        {
            Token key = Read();
            if (key.Kind != TokenKind.Text)
                throw Malformed("may have only strings for keys");
            return key;
        }

        public static ProtocolException Malformed(string fault)
        {
            return new ProtocolException(ErrorCode.Malformed, "part 0 " + fault);
        }

        Token Long(byte first)
        {
            switch (first)
            {
                case 0xc0: return new Token { Kind = TokenKind.Nil };
                case 0xc2: return new Token { Kind = TokenKind.Boolean };
                case 0xc3: return new Token { Kind = TokenKind.Boolean, Integer = 1 };
                case 0xc4: return Run(TokenKind.Binary, Unsigned(1));
                case 0xc5: return Run(TokenKind.Binary, Unsigned(2));
                case 0xc6: return Run(TokenKind.Binary, Unsigned(4));
                case 0xca: return Real(BitConverter.ToSingle(Turned(4), 0));
                case 0xcb: return Real(BitConverter.Int64BitsToDouble(Unsigned(8)));
                case 0xcc: return Whole(Unsigned(1));
                case 0xcd: return Whole(Unsigned(2));
                case 0xce: return Whole(Unsigned(4));
                case 0xcf: return Largest(Unsigned(8));
                case 0xd0: return Whole((sbyte)Unsigned(1));
                case 0xd1: return Whole((short)Unsigned(2));
                case 0xd2: return Whole((int)Unsigned(4));
                case 0xd3: return Whole(Unsigned(8));
                case 0xd9: return Run(TokenKind.Text, Unsigned(1));
                case 0xda: return Run(TokenKind.Text, Unsigned(2));
                case 0xdb: return Run(TokenKind.Text, Unsigned(4));
                case 0xdc: return Group(TokenKind.List, Unsigned(2));
                case 0xdd: return Group(TokenKind.List, Unsigned(4));
                case 0xde: return Group(TokenKind.Map, Unsigned(2));
                case 0xdf: return Group(TokenKind.Map, Unsigned(4));
                default: throw Malformed("has the type byte 0x" + first.ToString("x2") + ", which is not used here");
            }
        }

        static Token Whole(long value)
        {
            return new Token { Kind = TokenKind.Integer, Integer = value };
        }

        static Token Largest(long bits)
        {
            return new Token { Kind = TokenKind.Integer, Integer = bits, Huge = bits < 0 };
        }

        static Token Real(double value)
        {
            return new Token { Kind = TokenKind.Float, Number = value };
        }

        static Token Group(TokenKind kind, long count)
        {
            if (count > Limits.Entries)
                throw Malformed("announces " + count + " entries, more than " + Limits.Entries);
            return new Token { Kind = kind, Count = (int)count };
        }

        Token Run(TokenKind kind, long count)
        {
            var token = new Token { Kind = kind, Start = Take(count), Count = (int)count };
            if (kind == TokenKind.Text && !Utf8.Valid(bytes, token.Start, token.Count))
                throw Malformed("has a string that is not UTF-8");
            return token;
        }

        /// <summary>Where the next `count` bytes begin; they are passed over.</summary>
        int Take(long count)
        {
            if (count > end - At)
                throw Malformed("ends within a value");
            int start = At;
            At += (int)count;
            return start;
        }

        long Unsigned(int count)
        {
            long value = 0;
            for (int at = Take(count); at < At; at++)
                value = value << 8 | bytes[at];
            return value;
        }

        byte[] Turned(int count)
        {
            int start = Take(count);
            for (int index = 0; index < count; index++)
                turned[BitConverter.IsLittleEndian ? count - 1 - index : index] = bytes[start + index];
            return turned;
        }
    }
}
