using System;
using System.IO;

namespace FaceBridge.Transport
{
    /// <summary>The keys of an encrypted link, each 40 characters of Z85; all empty for a link on this machine.</summary>
    public struct CurveKeys
    {
        /// <summary>The server's public key.</summary>
        public string Server;

        /// <summary>This client's public key, which the server must have on its list.</summary>
        public string Public;

        /// <summary>This client's secret key.</summary>
        public string Secret;

        /// <summary>Whether none is given.</summary>
        public bool None
        {
            get { return string.IsNullOrEmpty(Server) && string.IsNullOrEmpty(Public) && string.IsNullOrEmpty(Secret); }
        }

        /// <summary>What is wrong with them in a sentence; "" where nothing is.</summary>
        public string Fault
        {
            get
            {
                if (None)
                    return "";
                return FaultOf(Server, "server's public key") + FaultOf(Public, "public key") + FaultOf(Secret, "secret key");
            }
        }

        /// <summary>
        /// The keys in a text file of three lines: the server's public key, one's own public key, one's own secret key.
        /// ArgumentException where the file is not there or not so.
        /// </summary>
        public static CurveKeys FromFile(string path)
        {
            string[] lines;
            try
            {
                lines = File.ReadAllLines(path);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                throw new ArgumentException("The key file " + path + " cannot be read: " + error.Message);
            }
            if (lines.Length < 3)
                throw new ArgumentException(
                    "The key file " + path + " needs three lines: the server's public key, your public key, your secret key.");
            return new CurveKeys { Server = lines[0].Trim(), Public = lines[1].Trim(), Secret = lines[2].Trim() };
        }

        static string FaultOf(string key, string name)
        {
            int length = key == null ? 0 : key.Length;
            return length == 40 ? "" : "The " + name + " must have 40 characters, not " + length + ". ";
        }
    }
}
