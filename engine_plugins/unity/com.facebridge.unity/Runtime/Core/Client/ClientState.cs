namespace FaceBridge
{
    /// <summary>Where a client stands.</summary>
    public enum ClientState
    {
        /// <summary>Not asked to connect.</summary>
        Offline,

        /// <summary>Asked, and no answer yet.</summary>
        Connecting,

        /// <summary>A stream is open.</summary>
        Streaming,

        /// <summary>The server does not answer; the client tries again by itself.</summary>
        Waiting,

        /// <summary>The server said no; the client tries again when the settings change.</summary>
        Refused,

        /// <summary>Ended for good.</summary>
        Closed,
    }

    /// <summary>The colour a state is shown in.</summary>
    public enum StatusColour
    {
        Grey,
        Green,
        Amber,
        Red,
    }

    /// <summary>How states are shown.</summary>
    public static class ClientStates
    {
        /// <summary>The colour of a state, the same in every client.</summary>
        public static StatusColour Colour(ClientState state)
        {
            switch (state)
            {
                case ClientState.Streaming: return StatusColour.Green;
                case ClientState.Connecting:
                case ClientState.Waiting: return StatusColour.Amber;
                case ClientState.Refused: return StatusColour.Red;
                default: return StatusColour.Grey;
            }
        }
    }
}
