using System;

namespace FaceBridge.Wire
{
    /// <summary>What one field of a message holds: a number, or where its bytes lie.</summary>
    internal struct Slot
    {
        public bool Present;

        /// <summary>An integer, 1 for true; of curves 1 where they are float32 bytes.</summary>
        public long Integer;

        public double Number;
        public int Start;
        public int Count;
    }

    /// <summary>
    /// A message with the fields of its table. <see cref="Decoder"/> fills it, or <see cref="MessageBuilder"/>, and it is
    /// then used again for the next one, so that no frame costs memory.
    /// </summary>
    public sealed class Message
    {
        const int MostFields = 16;

        readonly Slot[] slots = new Slot[MostFields];

        /// <summary>What kind of message it is; null before the first.</summary>
        public Table Table { get; private set; }

        /// <summary>What the slots' starts and counts are about.</summary>
        internal byte[] Bytes { get; set; }

        internal Slot this[Field field]
        {
            get { return slots[field.Index]; }
            set { slots[field.Index] = value; }
        }

        internal void Begin(Table table, byte[] bytes)
        {
            Table = table;
            Bytes = bytes;
            Array.Clear(slots, 0, slots.Length);
        }

        /// <summary>Whether the field came with the message or was set.</summary>
        public bool Has(Field field)
        {
            return slots[field.Index].Present;
        }

        /// <summary>An integer, or what its absence stands for.</summary>
        public long Integer(Field field)
        {
            Slot slot = slots[field.Index];
            return slot.Present ? slot.Integer : field.DefaultInteger;
        }

        /// <summary>A number, or what its absence stands for.</summary>
        public double Number(Field field)
        {
            Slot slot = slots[field.Index];
            return slot.Present ? slot.Number : field.DefaultNumber;
        }

        /// <summary>A truth, or what its absence stands for.</summary>
        public bool Flag(Field field)
        {
            return Integer(field) != 0;
        }

        /// <summary>A text, or what its absence stands for; makes a string.</summary>
        public string Text(Field field)
        {
            Slot slot = slots[field.Index];
            return slot.Present ? Utf8.Text(Bytes, slot.Start, slot.Count) : field.DefaultText;
        }

        /// <summary>Whether a text is this one, which has ASCII letters only; makes no string.</summary>
        public bool Is(Field field, string text)
        {
            Slot slot = slots[field.Index];
            return slot.Present ? Utf8.Same(Bytes, slot.Start, slot.Count, text) : field.DefaultText == text;
        }

        /// <summary>Which of the field's choices it holds; makes no string.</summary>
        public string Chosen(Field field)
        {
            foreach (string choice in field.Choices)
                if (Is(field, choice))
                    return choice;
            return field.DefaultText;
        }

        /// <summary>A list of texts.</summary>
        public string[] Names(Field field)
        {
            Reader reader = Inside(field);
            var names = new string[reader == null ? 0 : reader.Read().Count];
            for (int index = 0; index < names.Length; index++)
            {
                Token name = reader.Read();
                names[index] = Utf8.Text(Bytes, name.Start, name.Count);
            }
            return names;
        }

        /// <summary>A list of numbers.</summary>
        public double[] Numbers(Field field)
        {
            Reader reader = Inside(field);
            var numbers = new double[reader == null ? 0 : reader.Read().Count];
            for (int index = 0; index < numbers.Length; index++)
                numbers[index] = reader.Read().AsNumber;
            return numbers;
        }

        /// <summary>A reader of a field's own MessagePack; null where it is absent.</summary>
        internal Reader Inside(Field field)
        {
            Slot slot = slots[field.Index];
            if (!slot.Present)
                return null;
            var reader = new Reader();
            reader.Begin(Bytes, slot.Start, slot.Count);
            return reader;
        }
    }
}
