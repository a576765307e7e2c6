using System.Globalization;

namespace FaceBridge
{
    /// <summary>What a client does, in one short sentence for its user.</summary>
    internal static class StatusText
    {
        public static string Of(FaceBridgeClient client, string address)
        {
            switch (client.State)
            {
                case ClientState.Connecting: return "Connecting to " + address + " …";
                case ClientState.Waiting: return Waiting(client.Fault, address);
                case ClientState.Refused: return "Refused. " + client.Fault;
                case ClientState.Streaming: return Streaming(client);
                case ClientState.Closed: return "Closed.";
                default: return "Not connected.";
            }
        }

        static string Waiting(string fault, string address)
        {
            string reason = fault == "" ? "No answer from " + address + "; trying again." : fault;
            return reason + " Start the server with `facebridge serve`, or check the address.";
        }

        static string Streaming(FaceBridgeClient client)
        {
            string refused = client.Fault == "" ? "" : " The server refused the last change: " + client.Fault + ".";
            return string.Format(
                CultureInfo.InvariantCulture, "{0}, {1} pixels: {2:0} pictures a second, {3:0} ms.{4}", client.Grant.Identity,
                client.Grant.Size, client.Figures.PicturesPerSecond, client.Figures.Latency.Total, refused);
        }
    }
}
