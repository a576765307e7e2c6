namespace FaceBridge
{
    /// <summary>
    /// The sentences that tell the user how a client stands, and what to do: docs/clients.md has them in a table. A reason is a
    /// sentence's middle: what happened, and after a colon what to do.
    /// </summary>
    internal static class Standing
    {
        public const string Goodbye = "the server said goodbye";
        public const string StreamClosed = "the server closed the stream";
        public const string LibraryMissing = "libzmq is missing: run fetch_natives.py, or take the release that has it";

        /// <summary>The whole sentence.</summary>
        public static string Of(ClientState state, string address, string reason)
        {
            switch (state)
            {
                case ClientState.Connecting: return "Connecting to " + address + ".";
                case ClientState.Waiting: return "Waiting: " + reason + ".";
                case ClientState.Refused: return "Refused: " + reason + ".";
                case ClientState.Closed: return "Closed: connect to begin again.";
                default: return "Not connected: connect to begin.";
            }
        }

        /// <summary>The whole sentence of a stream; `refusal` is why a change was not made, "" where none was refused.</summary>
        public static string Streaming(string identity, int size, string refusal)
        {
            string soFar = "Streaming " + identity + " at " + size + " pixels";
            return refusal == "" ? soFar + "." : soFar + " as before; refused: " + refusal + ".";
        }

        public static string Nobody(string address)
        {
            return "no facebridge server answers at " + address + ": start one with `facebridge serve`, or check the address";
        }

        public static string Gone(string address)
        {
            return "the server at " + address + " is gone: start it again";
        }

        public static string Silent(string address)
        {
            return "the server at " + address + " has been silent for 3 seconds";
        }

        public static string TurnedAway(string address)
        {
            return "the server at " + address + " turns this client away; it asks for keys, or is no facebridge server: "
                + "enter the keys, or check the address";
        }

        public static string KeysRefused(string address)
        {
            return "the server at " + address + " does not accept these keys: check the server's public key, and have yours put "
                + "on its list";
        }

        /// <summary>The server has ended the connection, with this text.</summary>
        public static string Ended(string text)
        {
            return "the server ended the connection: " + text;
        }

        public static string Unreadable(string text)
        {
            return "the server does not keep to the protocol: " + text;
        }

        /// <summary>Client and server have nothing in common.</summary>
        public static string TooOld(string text)
        {
            return text + ": update the older side";
        }

        /// <summary>A setting that was refused, with the server's text and the name of its error.</summary>
        public static string Declined(string text, string error)
        {
            return text + ": " + Remedy(error);
        }

        static string Remedy(string error)
        {
            switch (error)
            {
                case "unknown_identity": return "choose another identity";
                case "unsupported": return "choose another size, codec or basis";
                case "too_many_streams": return "close another stream";
                default: return "change the settings";
            }
        }
    }
}
