using System;
using System.Collections.Generic;
using FaceBridge.Wire;

namespace FaceBridge.Runner
{
    /// <summary>The fields of a decoded message as plain values, and the message built anew from them.</summary>
    static class Fields
    {
        public static Dictionary<string, object> Of(Message message)
        {
            var values = new Dictionary<string, object>();
            foreach (Field field in message.Table.Fields)
                values[field.Name] = field.Nullable && !message.Has(field) ? null : Value(message, field);
            return values;
        }

        /// <summary>By the setters that a client uses; null for what clients do not send: counters, sizes and curves by name.</summary>
        public static Message Rebuilt(Message message)
        {
            MessageBuilder builder = new MessageBuilder().Begin(message.Table);
            foreach (Field field in message.Table.Fields)
                if (!field.Nullable || message.Has(field))
                    if (!Set(builder, field, Value(message, field)))
                        return null;
            return builder.Message;
        }

        static bool Set(MessageBuilder builder, Field field, object value)
        {
            if (value is long)
                builder.Set(field, (long)value);
            else if (value is double)
                builder.Set(field, (double)value);
            else if (value is bool)
                builder.Set(field, (bool)value);
            else if (value is string)
                builder.Set(field, (string)value);
            else if (value is string[])
                builder.Set(field, (string[])value);
            else if (value is float[])
                builder.Set(field, (float[])value);
            else if (value is double[] && field.Kind == FieldKind.Direction)
                builder.Set(field, (double[])value);
            else
                return false;
            return true;
        }

        static object Value(Message message, Field field)
        {
            switch (field.Kind)
            {
                case FieldKind.Whole: return message.Integer(field);
                case FieldKind.Real: return message.Number(field);
                case FieldKind.Truth: return message.Flag(field);
                case FieldKind.Names: return message.Names(field);
                case FieldKind.Sizes:
                case FieldKind.Direction: return message.Numbers(field);
                case FieldKind.Counts: return Named(message, field);
                case FieldKind.Curves: return message.Integer(field) == 1 ? Floats(message, field) : Named(message, field);
                default: return message.Text(field);
            }
        }

        static object Floats(Message message, Field field)
        {
            Slot slot = message[field];
            var floats = new float[slot.Count / 4];
            Buffer.BlockCopy(message.Bytes, slot.Start, floats, 0, slot.Count);
            return floats;
        }

        static object Named(Message message, Field field)
        {
            var values = new Dictionary<string, object>();
            Reader reader = message.Inside(field);
            for (int left = reader.Read().Count; left > 0; left--)
            {
                Token name = reader.Read();
                Token value = reader.Read();
                values[Utf8.Text(message.Bytes, name.Start, name.Count)] =
                    field.Kind == FieldKind.Counts ? (object)value.Integer : value.AsNumber;
            }
            return values;
        }
    }
}
