namespace FaceBridge.Wire
{
    /// <summary>What a server can refuse, by the numbers of protocol/registry.json; the wire's names are in <see cref="ErrorNames"/>.</summary>
    public enum ErrorCode
    {
        Malformed = 1,
        UnknownMessage = 2,
        VersionUnsupported = 3,
        UnexpectedMessage = 4,
        TooLarge = 5,
        BadField = 6,
        BadCurves = 7,
        UnknownStream = 8,
        DuplicateStream = 9,
        TooManyStreams = 10,
        TooManyClients = 11,
        RateExceeded = 12,
        StaleSequence = 13,
        CreditExceeded = 14,
        UnknownIdentity = 15,
        Unsupported = 16,
        GeneratorFailed = 17,
        ServerClosing = 18,
        TimedOut = 19,
    }

    /// <summary>What each error is called on the wire.</summary>
    public static class ErrorNames
    {
        static readonly string[] Names =
        {
            "malformed", "unknown_message", "version_unsupported", "unexpected_message", "too_large", "bad_field",
            "bad_curves", "unknown_stream", "duplicate_stream", "too_many_streams", "too_many_clients", "rate_exceeded",
            "stale_sequence", "credit_exceeded", "unknown_identity", "unsupported", "generator_failed",
            "server_closing", "timed_out",
        };

        /// <summary>The name of a code of this version; its number in words where a later server sent it.</summary>
        public static string Of(ErrorCode code)
        {
            int index = (int)code - 1;
            return index >= 0 && index < Names.Length ? Names[index] : "error " + (int)code;
        }
    }
}
