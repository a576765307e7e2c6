using System;
using System.Text;

namespace FaceBridge.Wire
{
    /// <summary>
    /// Fills a message field by field. What the other side would refuse is a ProtocolException here already.
    /// The message is the builder's own and is used again by the next <see cref="Begin"/>.
    /// </summary>
    public sealed class MessageBuilder
    {
        readonly Message message = new Message();
        readonly Writer scratch = new Writer(1024);

        /// <summary>The message so far.</summary>
        public Message Message
        {
            get
            {
                message.Bytes = scratch.Bytes;
                return message;
            }
        }

        /// <summary>Begin a message of this kind, all its fields absent.</summary>
        public MessageBuilder Begin(Table table)
        {
            message.Begin(table, scratch.Bytes);
            scratch.Clear();
            return this;
        }

        /// <summary>An integer.</summary>
        public MessageBuilder Set(Field field, long value)
        {
            field.CheckWhole(value, false);
            return Keep(field, new Slot { Integer = value });
        }

        /// <summary>True or false.</summary>
        public MessageBuilder Set(Field field, bool value)
        {
            return Keep(field, new Slot { Integer = value ? 1 : 0 });
        }

        /// <summary>A number.</summary>
        public MessageBuilder Set(Field field, double value)
        {
            field.CheckReal(value);
            return Keep(field, new Slot { Number = value });
        }

        /// <summary>A text; of a sentence for people what is too long is cut.</summary>
        public MessageBuilder Set(Field field, string text)
        {
            int start = scratch.Length;
            scratch.Text(text, Encoding.UTF8.GetByteCount(text));
            int count = scratch.Length - start;
            if (field.Kind == FieldKind.Prose)
                count = Cut(start, Math.Min(count, Limits.TextBytes));
            FieldReader.CheckText(field, scratch.Bytes, start, count);
            return Keep(field, new Slot { Start = start, Count = count });
        }

        /// <summary>A list of texts.</summary>
        public MessageBuilder Set(Field field, string[] names)
        {
            int start = scratch.Length;
            scratch.List(names.Length);
            foreach (string name in names)
                scratch.Text(name);
            return KeepChecked(field, start);
        }

        /// <summary>A list of numbers.</summary>
        public MessageBuilder Set(Field field, double[] numbers)
        {
            int start = scratch.Length;
            scratch.List(numbers.Length);
            foreach (double number in numbers)
                scratch.Number(number);
            return KeepChecked(field, start);
        }

        /// <summary>Curves in the order of a basis, 52 or 55 of them; they travel as float32.</summary>
        public MessageBuilder Set(Field field, float[] values)
        {
            int start = scratch.Length;
            scratch.Floats(values, values.Length);
            int count = scratch.Length - start;
            CurveValues.CheckFloats(field, scratch.Bytes, start, count);
            return Keep(field, new Slot { Integer = 1, Start = start, Count = count });
        }

        MessageBuilder KeepChecked(Field field, int start)
        {
            var reader = new Reader();
            reader.Begin(scratch.Bytes, start, scratch.Length - start);
            return Keep(field, FieldReader.Read(field, reader, scratch.Bytes));
        }

        MessageBuilder Keep(Field field, Slot slot)
        {
            slot.Present = true;
            message[field] = slot;
            return this;
        }

        /// <summary>At most `count` bytes, and no character cut in two.</summary>
        int Cut(int start, int count)
        {
            while (count > 0 && !Utf8.Valid(scratch.Bytes, start, count))
                count--;
            return count;
        }
    }
}
