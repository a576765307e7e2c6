namespace FaceBridge.Wire
{
    /// <summary>Messages to part 0, in the canonical form: the keys of the table in order, every number at its shortest.</summary>
    public sealed class Encoder
    {
        readonly Writer writer = new Writer(1024);

        /// <summary>Part 0; its first <see cref="Length"/> bytes. Written over by the next <see cref="Encode"/>.</summary>
        public byte[] Bytes
        {
            get { return writer.Bytes; }
        }

        /// <summary>How many bytes part 0 has.</summary>
        public int Length
        {
            get { return writer.Length; }
        }

        /// <summary>Write the fields that the message has.</summary>
        public void Encode(Message message)
        {
            writer.Clear();
            writer.Map(1 + Present(message));
            writer.Text("t");
            writer.Text(message.Table.Name);
            foreach (Field field in message.Table.Fields)
                if (message.Has(field))
                {
                    writer.Text(field.Name);
                    Write(field, message[field], message.Bytes);
                }
        }

        static int Present(Message message)
        {
            int count = 0;
            foreach (Field field in message.Table.Fields)
                count += message.Has(field) ? 1 : 0;
            return count;
        }

        void Write(Field field, Slot slot, byte[] bytes)
        {
            switch (field.Kind)
            {
                case FieldKind.Whole: writer.Integer(slot.Integer); return;
                case FieldKind.Real: writer.Number(slot.Number); return;
                case FieldKind.Truth: writer.Flag(slot.Integer != 0); return;
                case FieldKind.Text:
                case FieldKind.Prose:
                case FieldKind.Choice:
                case FieldKind.Colour: writer.TextHead(slot.Count); break;
                case FieldKind.Curves:
                    if (slot.Integer == 1)
                        writer.BinaryHead(slot.Count);
                    break;
            }
            writer.Raw(bytes, slot.Start, slot.Count);
        }
    }
}
