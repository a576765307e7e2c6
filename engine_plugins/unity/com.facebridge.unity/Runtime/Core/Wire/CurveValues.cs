using System;
using System.Collections.Generic;

namespace FaceBridge.Wire
{
    /// <summary>The field `values` of CURVES: float32 in the order of a basis, or a map by name. Every fault is bad_curves.</summary>
    internal static class CurveValues
    {
        static readonly Dictionary<string, bool> Known = AllNames();

        public static Slot Read(Field field, Token token, int start, Reader reader, byte[] bytes)
        {
            if (token.Kind == TokenKind.Binary)
            {
                CheckFloats(field, bytes, token.Start, token.Count);
                return new Slot { Present = true, Integer = 1, Start = token.Start, Count = token.Count };
            }
            if (token.Kind != TokenKind.Map)
                throw Bad(field, "must be float32 bytes or a map, not " + token.Kind);
            CheckMap(field, token, reader, bytes);
            return new Slot { Present = true, Start = start, Count = reader.At - start };
        }

        public static void CheckFloats(Field field, byte[] bytes, int start, int count)
        {
            if (!Fits(count))
                throw Bad(field, "must have as many float32 as a basis has curves, not " + count + " bytes");
            for (int at = start; at < start + count; at += 4)
                CheckBits(field, bytes, at, (at - start) / 4);
        }

        /// <summary>The bits of floats of one sign grow with them: one comparison finds NaN, infinity and what is too large.</summary>
        static void CheckBits(Field field, byte[] bytes, int at, int index)
        {
            const int Hundred = 0x42c80000;
            int bits = bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | (bytes[at + 3] & 0x7f) << 24;
            if (bits > Hundred)
                throw Bad(field, "must be finite and within ±" + Limits.CurveMagnitude + " at curve " + index);
        }

        static bool Fits(int count)
        {
            foreach (string basis in Bases.Names)
                if (count == 4 * Bases.CurvesOf(basis).Length)
                    return true;
            return false;
        }

        static void CheckMap(Field field, Token map, Reader reader, byte[] bytes)
        {
            if (new KeySet().Repeats(bytes, reader.At, map.Count))
                throw Bad(field, "names a curve twice");
            if (map.Count > Limits.CurveNames)
                throw Bad(field, "must have at most " + Limits.CurveNames + " names, not " + map.Count);
            bool known = map.Count == 0;
            for (int index = 0; index < map.Count; index++)
            {
                Token name = reader.Read();
                known |= Known.ContainsKey(Utf8.Text(bytes, name.Start, name.Count));
                Token value = reader.Read();
                if (!value.IsNumber || !(Math.Abs(value.AsNumber) <= Limits.CurveMagnitude))
                    throw Bad(field, "must have finite numbers within ±" + Limits.CurveMagnitude);
            }
            if (!known)
                throw Bad(field, "names no curve of any basis");
        }

        static ProtocolException Bad(Field field, string fault)
        {
            return new ProtocolException(ErrorCode.BadCurves, field.Where + " " + fault);
        }

        static Dictionary<string, bool> AllNames()
        {
            var names = new Dictionary<string, bool>();
            foreach (string basis in Bases.Names)
                foreach (string name in Bases.CurvesOf(basis))
                    names[name] = true;
            return names;
        }
    }
}
