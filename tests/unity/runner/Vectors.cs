using System;
using System.Collections.Generic;
using System.IO;
using FaceBridge.Wire;

namespace FaceBridge.Runner
{
    /// <summary>Every message of a folder of vectors, one line of JSON each: what it says, its re-encoding, or its error.</summary>
    static class Vectors
    {
        public static void Print(string folder)
        {
            foreach (string path in Directory.GetFiles(folder, "*.json"))
                Console.WriteLine(Json.Of(Read(folder, Path.GetFileNameWithoutExtension(path))));
        }

        static Dictionary<string, object> Read(string folder, string name)
        {
            var result = new Dictionary<string, object> { { "name", name } };
            var message = new Message();
            try
            {
                Decode(folder, name, message);
            }
            catch (ProtocolException error)
            {
                result["error"] = ErrorNames.Of(error.Code);
                result["code"] = (int)error.Code;
                result["text"] = error.Message;
                return result;
            }
            result["message"] = message.Table.Name;
            result["fields"] = Fields.Of(message);
            result["encoded"] = Encoded(message);
            result["built"] = Encoded(Fields.Rebuilt(message));
            return result;
        }

        static void Decode(string folder, string name, Message message)
        {
            byte[] header = new byte[0];
            int parts = 0;
            long rest = 0;
            for (; File.Exists(Part(folder, name, parts)); parts++)
            {
                byte[] bytes = File.ReadAllBytes(Part(folder, name, parts));
                if (parts == 0)
                    header = bytes;
                else
                    rest += bytes.Length;
            }
            new Decoder().Decode(header, header.Length, parts, rest, message);
        }

        static string Part(string folder, string name, int number)
        {
            return Path.Combine(folder, name + "." + number + ".bin");
        }

        static string Encoded(Message message)
        {
            if (message == null)
                return null;
            var encoder = new Encoder();
            encoder.Encode(message);
            return BitConverter.ToString(encoder.Bytes, 0, encoder.Length).Replace("-", "").ToLowerInvariant();
        }
    }
}
