using System.Text;

namespace FaceBridge.Wire
{
    /// <summary>UTF-8 in a buffer, looked at without making a string of it.</summary>
    internal static class Utf8
    {
        /// <summary>Whether the bytes are UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.</summary>
        public static bool Valid(byte[] bytes, int start, int count)
        {
            int end = start + count;
            for (int at = start; at < end;)
            {
                int size = SizeAt(bytes, at, end);
                if (size == 0)
                    return false;
                at += size;
            }
            return true;
        }

        /// <summary>Whether the bytes are this text, which has ASCII letters only.</summary>
        public static bool Same(byte[] bytes, int start, int count, string text)
        {
            if (count != text.Length)
                return false;
            for (int index = 0; index < count; index++)
                if (bytes[start + index] != text[index])
                    return false;
            return true;
        }

        public static string Text(byte[] bytes, int start, int count)
        {
            return Encoding.UTF8.GetString(bytes, start, count);
        }

        /// <summary>Bytes of the character at `at`, 0 where there is none.</summary>
        static int SizeAt(byte[] bytes, int at, int end)
        {
            byte lead = bytes[at];
            if (lead < 0x80)
                return 1;
            int size = lead >= 0xc2 && lead <= 0xdf ? 2 : (lead & 0xf0) == 0xe0 ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
            if (size == 0 || at + size > end)
                return 0;
            for (int index = 1; index < size; index++)
                if ((bytes[at + index] & 0xc0) != 0x80)
                    return 0;
            return Narrow(lead, bytes[at + 1]) ? 0 : size;
        }

        /// <summary>Whether the second byte makes the character overlong, a surrogate or too large.</summary>
        static bool Narrow(byte lead, byte second)
        {
            return lead == 0xe0 && second < 0xa0
                || lead == 0xed && second > 0x9f
                || lead == 0xf0 && second < 0x90
                || lead == 0xf4 && second > 0x8f;
        }
    }
}
