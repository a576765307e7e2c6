using System;

namespace FaceBridge.Transport
{
    /// <summary>The keys of an encrypted link, each 40 characters of Z85; all empty for a link on this machine.</summary>
    [Serializable]
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

        static string FaultOf(string key, string name)
        {
            int length = key == null ? 0 : key.Length;
            return length == 40 ? "" : "The " + name + " must have 40 characters, not " + length + ". ";
        }
    }
}
