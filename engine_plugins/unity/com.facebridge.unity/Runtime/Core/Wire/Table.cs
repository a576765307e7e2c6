namespace FaceBridge.Wire
{
    /// <summary>A kind of message: its name on the wire and its fields in order.</summary>
    public sealed class Table
    {
        /// <summary>The value of `t`, in capitals.</summary>
        public string Name { get; private set; }

        /// <summary>Its fields in the order of SPEC.md.</summary>
        public Field[] Fields { get; private set; }

        internal Table(string name, params Field[] fields)
        {
            Name = name;
            Fields = fields;
            for (int index = 0; index < fields.Length; index++)
                fields[index].Belong(name, index);
        }

        /// <summary>The field with this key; null where the table has none.</summary>
        internal Field Find(byte[] bytes, int start, int count)
        {
            foreach (Field field in Fields)
                if (Utf8.Same(bytes, start, count, field.Name))
                    return field;
            return null;
        }
    }
}
