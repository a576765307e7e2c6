using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>What the server said it has, in WELCOME.</summary>
    public sealed class ServerOffer
    {
        /// <summary>Name and version of the server program.</summary>
        public readonly string Server;

        /// <summary>The model that draws.</summary>
        public readonly string Model;

        /// <summary>The people it can draw.</summary>
        public readonly string[] Identities;

        /// <summary>Picture sizes in pixels, the preferred one first.</summary>
        public readonly int[] Sizes;

        /// <summary>The bases it takes.</summary>
        public readonly string[] Bases;

        /// <summary>The codecs it can send.</summary>
        public readonly string[] Codecs;

        /// <summary>What the model heeds beside the identity: of "expression", "reference", "light", "alpha".</summary>
        public readonly string[] Capabilities;

        /// <summary>CURVES per second of one stream.</summary>
        public readonly double MaxRate;

        internal ServerOffer(Message welcome)
        {
            Server = welcome.Text(Welcome.Server);
            Model = welcome.Text(Welcome.Model);
            Identities = welcome.Names(Welcome.Identities);
            Sizes = System.Array.ConvertAll(welcome.Numbers(Welcome.Sizes), size => (int)size);
            Bases = welcome.Names(Welcome.Bases);
            Codecs = welcome.Names(Welcome.Codecs);
            Capabilities = welcome.Names(Welcome.Capabilities);
            MaxRate = welcome.Number(Welcome.MaxRate);
        }
    }
}
