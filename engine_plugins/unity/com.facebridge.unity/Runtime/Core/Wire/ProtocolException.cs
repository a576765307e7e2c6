using System;

namespace FaceBridge.Wire
{
    /// <summary>A message breaks the protocol: the error it must lead to, and a sentence that says where.</summary>
    public sealed class ProtocolException : Exception
    {
        /// <summary>The error of the registry.</summary>
        public ErrorCode Code { get; private set; }

        public ProtocolException(ErrorCode code, string text) : base(text)
        {
            Code = code;
        }
    }
}
