using System;
using System.Text;

namespace FaceBridge.Wire
{
    internal enum FieldKind
    {
        Whole,
        Real,
        Truth,
        Text,
        Prose,
        Choice,
        Names,
        Sizes,
        Counts,
        Direction,
        Colour,
        Curves,
    }

    /// <summary>One row of a message's table in SPEC.md: its key, what it may hold, and what a missing key stands for.</summary>
    public sealed class Field
    {
        /// <summary>The key on the wire.</summary>
        public string Name { get; private set; }

        internal FieldKind Kind { get; private set; }
        internal double Low { get; private set; }
        internal double High { get; private set; }
        internal string[] Choices { get; private set; }
        internal bool Required { get; private set; }

        /// <summary>Whether a missing key is told from one with the default: CONTROL's "unchanged".</summary>
        internal bool Nullable { get; private set; }

        internal long DefaultInteger { get; private set; }
        internal double DefaultNumber { get; private set; }
        internal string DefaultText { get; private set; }

        /// <summary>The table's name and the field's, for error texts.</summary>
        internal string Where { get; private set; }

        internal int Index { get; private set; }

        Field(FieldKind kind, string name, double low, double high)
        {
            Kind = kind;
            Name = name;
            Low = low;
            High = high;
            Required = true;
            DefaultText = "";
        }

        internal static Field Whole(string name, long low, long high)
        {
            return new Field(FieldKind.Whole, name, low, high);
        }

        internal static Field Real(string name, double low, double high)
        {
            return new Field(FieldKind.Real, name, low, high);
        }

        internal static Field Truth(string name)
        {
            return new Field(FieldKind.Truth, name, 0, 1);
        }

        internal static Field Text(string name, int low)
        {
            return new Field(FieldKind.Text, name, low, Limits.NameBytes);
        }

        internal static Field Prose(string name)
        {
            return new Field(FieldKind.Prose, name, 0, Limits.TextBytes);
        }

        internal static Field Choice(string name, string[] choices)
        {
            return new Field(FieldKind.Choice, name, 0, 0) { Choices = choices };
        }

        internal static Field Of(FieldKind kind, string name)
        {
            return new Field(kind, name, 0, 0);
        }

        internal Field Default(long value)
        {
            Required = false;
            DefaultInteger = value;
            return this;
        }

        internal Field Default(double value)
        {
            Required = false;
            DefaultNumber = value;
            return this;
        }

        internal Field Default(string value)
        {
            Required = false;
            DefaultText = value;
            return this;
        }

        /// <summary>May be left out: a list that is then empty.</summary>
        internal Field Optional()
        {
            Required = false;
            return this;
        }

        /// <summary>May be left out, and that means "unchanged".</summary>
        internal Field OrUnchanged()
        {
            Required = false;
            Nullable = true;
            return this;
        }

        internal void Belong(string table, int index)
        {
            Where = table + "." + Name;
            Index = index;
        }

        internal ProtocolException Bad(string fault)
        {
            return new ProtocolException(ErrorCode.BadField, Where + " " + fault);
        }

        internal void CheckWhole(long value, bool huge)
        {
            // The limit 2^63-1 has no double of its own, but every long is below it.
            if (huge || value < Low || High < long.MaxValue && value > High)
                throw Bad("must be from " + Low + " to " + High + ", not " + (huge ? "beyond 2^63-1" : value.ToString()));
        }

        internal void CheckReal(double value)
        {
            if (!(value >= Low && value <= High))
                throw Bad("must be a finite number from " + Low + " to " + High + ", not " + value);
        }

        internal void CheckSize(int bytes)
        {
            if (bytes < Low || bytes > High)
                throw Bad("must have from " + Low + " to " + High + " bytes, not " + bytes);
        }

        internal void CheckChoice(byte[] bytes, int start, int count)
        {
            foreach (string choice in Choices)
                if (Utf8.Same(bytes, start, count, choice))
                    return;
            string found = Encoding.UTF8.GetString(bytes, start, Math.Min(count, Limits.NameBytes));
            throw new ProtocolException(
                ErrorCode.Unsupported, Where + " must be one of " + string.Join(", ", Choices) + ", not '" + found + "'");
        }

        internal void CheckColour(byte[] bytes, int start, int count)
        {
            if (count == 0 || Utf8.Same(bytes, start, count, "transparent"))
                return;
            bool fits = count == 7 && bytes[start] == '#';
            for (int index = 1; fits && index < 7; index++)
                fits = Uri.IsHexDigit((char)bytes[start + index]);
            if (!fits)
                throw Bad("must be \"#rrggbb\", \"transparent\" or \"\"");
        }
    }
}
