namespace FaceBridge.Wire
{
    /// <summary>Bytes to messages, every field checked. Nothing but ProtocolException leaves it, whatever comes in.</summary>
    public sealed class Decoder
    {
        readonly Reader reader = new Reader();
        readonly KeySet keys = new KeySet();

        /// <summary>
        /// Read part 0, the first `count` bytes of `header`, into `message`, which keeps looking at `header`.
        /// `parts` is how many parts came, `pixels` how many bytes the ones after part 0 have together.
        /// </summary>
        public void Decode(byte[] header, int count, int parts, long pixels, Message message)
        {
            CheckSizes(count, parts, pixels);
            int entries = CheckMap(header, count);
            Table table = Kind(header);
            if (table == Stats.Request)
                table = Answered(header, entries) ? Stats.Table : table;
            int due = table == Picture.Table ? 2 : 1;
            if (parts != due)
                throw new ProtocolException(ErrorCode.Malformed, table.Name + " has " + due + " parts, not " + parts);
            message.Begin(table, header);
            ReadFields(header, entries, message);
            if (table == Picture.Table)
                CheckPixels(message, pixels);
        }

        static void CheckSizes(int count, int parts, long pixels)
        {
            if (parts == 0)
                throw Reader.Malformed("is missing: a message has at least one part");
            if (count > Limits.HeaderBytes)
                throw TooLarge("part 0 may have " + Limits.HeaderBytes + " bytes, not " + count);
            if (count + pixels > Limits.MessageBytes)
                throw TooLarge("a message may have " + Limits.MessageBytes + " bytes, not " + (count + pixels));
        }

        static ProtocolException TooLarge(string text)
        {
            return new ProtocolException(ErrorCode.TooLarge, text);
        }

        /// <summary>Check that part 0 is one sound map that begins with `t`, and return its number of entries.</summary>
        int CheckMap(byte[] header, int count)
        {
            reader.Begin(header, 0, count);
            reader.Skip(0);
            if (!reader.Ended)
                throw Reader.Malformed("has bytes after the map");
            reader.At = 0;
            Token map = reader.Read();
            if (map.Kind != TokenKind.Map)
                throw Reader.Malformed("must be a map, not " + map.Kind);
            if (keys.Repeats(header, reader.At, map.Count))
                throw Reader.Malformed("names a key twice");
            Token key = map.Count == 0 ? map : reader.ReadKey();
            if (map.Count == 0 || !Utf8.Same(header, key.Start, key.Count, "t"))
                throw Reader.Malformed("must begin with the key 't'");
            return map.Count;
        }

        /// <summary>The kind of message that the value of `t` names; the reader stands before it.</summary>
        Table Kind(byte[] header)
        {
            Token name = reader.Read();
            if (name.Kind != TokenKind.Text)
                throw Reader.Malformed("must name the message in a string, not " + name.Kind);
            Table table = Tables.Find(header, name.Start, name.Count);
            if (table == null)
                throw new ProtocolException(ErrorCode.UnknownMessage, "no message has the name that came");
            return table;
        }

        /// <summary>Whether a STATS has any counter; the reader stays where it is.</summary>
        bool Answered(byte[] header, int entries)
        {
            int start = reader.At;
            bool found = false;
            for (int index = 1; index < entries; index++)
            {
                Token key = reader.ReadKey();
                found |= Stats.Table.Find(header, key.Start, key.Count) != null;
                reader.Skip(1);
            }
            reader.At = start;
            return found;
        }

        void ReadFields(byte[] header, int entries, Message message)
        {
            for (int index = 1; index < entries; index++)
            {
                Token key = reader.ReadKey();
                Field field = message.Table.Find(header, key.Start, key.Count);
                if (field == null)
                    reader.Skip(1);
                else
                    message[field] = FieldReader.Read(field, reader, header);
            }
            foreach (Field field in message.Table.Fields)
                if (field.Required && !message.Has(field))
                    throw field.Bad("is missing");
        }

        static void CheckPixels(Message picture, long pixels)
        {
            int pixel = Codecs.BytesPerPixel(picture.Chosen(Picture.Codec));
            long due = picture.Integer(Picture.Width) * picture.Integer(Picture.Height) * pixel;
            if (pixels == 0 || pixel != 0 && pixels != due)
                throw new ProtocolException(
                    ErrorCode.BadField, "PICTURE part 1 must have " + (pixel == 0 ? "bytes" : due + " bytes") + ", not " + pixels);
        }
    }
}
