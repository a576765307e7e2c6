namespace FaceBridge.Wire
{
    /// <summary>Reads the value of one field, whose MessagePack is known to be sound, and checks it against its row.</summary>
    internal static class FieldReader
    {
        public static Slot Read(Field field, Reader reader, byte[] bytes)
        {
            int start = reader.At;
            Token token = reader.Read();
            switch (field.Kind)
            {
                case FieldKind.Whole: return Whole(field, token);
                case FieldKind.Real: return Real(field, token);
                case FieldKind.Truth: return Truth(field, token);
                case FieldKind.Curves: return CurveValues.Read(field, token, start, reader, bytes);
                case FieldKind.Names: Names(field, token, reader); break;
                case FieldKind.Sizes: Sizes(field, token, reader); break;
                case FieldKind.Counts: Counts(field, token, reader, bytes); break;
                case FieldKind.Direction: Direction(field, token, reader); break;
                default: return Text(field, token, bytes);
            }
            return new Slot { Present = true, Start = start, Count = reader.At - start };
        }

        public static void CheckText(Field field, byte[] bytes, int start, int count)
        {
            if (field.Kind == FieldKind.Choice)
                field.CheckChoice(bytes, start, count);
            else if (field.Kind == FieldKind.Colour)
                field.CheckColour(bytes, start, count);
            else
                field.CheckSize(count);
        }

        static Slot Whole(Field field, Token token)
        {
            if (token.Kind != TokenKind.Integer)
                throw field.Bad("must be an integer, not " + token.Kind);
            field.CheckWhole(token.Integer, token.Huge);
            return new Slot { Present = true, Integer = token.Integer };
        }

        static Slot Real(Field field, Token token)
        {
            if (!token.IsNumber)
                throw field.Bad("must be a number, not " + token.Kind);
            field.CheckReal(token.AsNumber);
            return new Slot { Present = true, Number = token.AsNumber };
        }

        static Slot Truth(Field field, Token token)
        {
            if (token.Kind != TokenKind.Boolean)
                throw field.Bad("must be true or false, not " + token.Kind);
            return new Slot { Present = true, Integer = token.Integer };
        }

        static Slot Text(Field field, Token token, byte[] bytes)
        {
            if (token.Kind != TokenKind.Text)
                throw field.Bad("must be a string, not " + token.Kind);
            CheckText(field, bytes, token.Start, token.Count);
            return new Slot { Present = true, Start = token.Start, Count = token.Count };
        }

        static void Names(Field field, Token list, Reader reader)
        {
            Expect(field, list, TokenKind.List);
            for (int index = 0; index < list.Count; index++)
                Name(field, reader.Read());
        }

        static void Name(Field field, Token name)
        {
            if (name.Kind != TokenKind.Text || name.Count < 1 || name.Count > Limits.NameBytes)
                throw field.Bad("must name strings of 1 to " + Limits.NameBytes + " bytes");
        }

        static void Sizes(Field field, Token list, Reader reader)
        {
            Expect(field, list, TokenKind.List);
            if (list.Count == 0)
                throw field.Bad("must have at least 1 entry");
            for (int index = 0; index < list.Count; index++)
            {
                Token size = reader.Read();
                if (size.Kind != TokenKind.Integer || size.Huge || size.Integer < 1 || size.Integer > Limits.Size)
                    throw field.Bad("must have integers from 1 to " + Limits.Size);
            }
        }

        static void Counts(Field field, Token map, Reader reader, byte[] bytes)
        {
            Expect(field, map, TokenKind.Map);
            if (new KeySet().Repeats(bytes, reader.At, map.Count))
                throw field.Bad("names a key twice");
            for (int index = 0; index < map.Count; index++)
            {
                Name(field, reader.Read());
                Token count = reader.Read();
                if (count.Kind != TokenKind.Integer || count.Huge || count.Integer < 0)
                    throw field.Bad("must have counts from 0");
            }
        }

        static void Direction(Field field, Token list, Reader reader)
        {
            Expect(field, list, TokenKind.List);
            if (list.Count != 0 && list.Count != 2)
                throw field.Bad("must be [azimuth, elevation] in degrees, or [], not " + list.Count + " entries");
            if (list.Count == 0)
                return;
            Angle(field, reader.Read(), -Limits.LightAzimuth, Limits.LightAzimuth, "azimuth");
            Angle(field, reader.Read(), -Limits.LightBelow, Limits.LightAbove, "elevation");
        }

        static void Angle(Field field, Token angle, double low, double high, string name)
        {
            if (!angle.IsNumber || !(angle.AsNumber >= low && angle.AsNumber <= high))
                throw field.Bad("must have an " + name + " from " + low + " to " + high + " degrees");
        }

        static void Expect(Field field, Token token, TokenKind kind)
        {
            if (token.Kind != kind)
                throw field.Bad("must be a " + kind.ToString().ToLowerInvariant() + ", not " + token.Kind);
        }
    }
}
