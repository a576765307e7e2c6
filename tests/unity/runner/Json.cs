using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace FaceBridge.Runner
{
    /// <summary>Values as JSON text.</summary>
    static class Json
    {
        public static string Of(object value)
        {
            if (value == null)
                return "null";
            var pairs = value as IDictionary<string, object>;
            if (pairs != null)
                return Map(pairs);
            if (value is string)
                return Text((string)value);
            if (value is bool)
                return (bool)value ? "true" : "false";
            if (value is float)
                return ((double)(float)value).ToString("r", CultureInfo.InvariantCulture);
            if (value is double)
                return ((double)value).ToString("r", CultureInfo.InvariantCulture);
            var many = value as System.Collections.IEnumerable;
            return many == null ? System.Convert.ToString(value, CultureInfo.InvariantCulture) : List(many);
        }

        static string Map(IDictionary<string, object> pairs)
        {
            var parts = new List<string>();
            foreach (KeyValuePair<string, object> pair in pairs)
                parts.Add(Text(pair.Key) + ": " + Of(pair.Value));
            return "{" + string.Join(", ", parts.ToArray()) + "}";
        }

        static string List(System.Collections.IEnumerable values)
        {
            var parts = new List<string>();
            foreach (object value in values)
                parts.Add(Of(value));
            return "[" + string.Join(", ", parts.ToArray()) + "]";
        }

        static string Text(string text)
        {
            var quoted = new StringBuilder("\"");
            foreach (char letter in text)
                if (letter == '"' || letter == '\\' || letter < ' ' || letter > '~')
                    quoted.Append("\\u").Append(((int)letter).ToString("x4"));
                else
                    quoted.Append(letter);
            return quoted.Append('"').ToString();
        }
    }
}
