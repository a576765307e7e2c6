using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>The settings of a user as the messages that ask for them. Raises ProtocolException for what no server takes.</summary>
    internal static class StreamRequests
    {
        public const int Credit = 2;

        public static MessageBuilder Opening(MessageBuilder builder, int stream, StreamSettings wanted)
        {
            if (wanted.Identity == "")
                throw new ProtocolException(ErrorCode.UnknownIdentity, "the server has nobody to draw; enroll somebody first");
            builder.Begin(Open.Table).Set(Open.Stream, stream).Set(Open.Subject, wanted.Subject);
            builder.Set(Open.Identity, wanted.Identity).Set(Open.Basis, wanted.Basis);
            builder.Set(Open.Size, wanted.Size).Set(Open.Codec, wanted.Codec);
            builder.Set(Open.RowOrder, wanted.RowOrder).Set(Open.Delivery, "newest").Set(Open.Credit, Credit);
            builder.Set(Open.Seed, wanted.Seed).Set(Open.Steps, wanted.Steps);
            builder.Set(Open.ExpressionScale, wanted.ExpressionScale).Set(Open.ReferenceScale, wanted.ReferenceScale);
            return builder.Set(Open.Light, wanted.Light).Set(Open.Backdrop, wanted.Backdrop);
        }

        /// <summary>What is wanted other than it is in force.</summary>
        public static MessageBuilder Changing(MessageBuilder builder, int stream, StreamSettings wanted, StreamSettings inForce)
        {
            builder.Begin(Control.Table).Set(Control.Stream, stream);
            if (wanted.Identity != inForce.Identity)
                builder.Set(Control.Identity, wanted.Identity);
            if (wanted.ExpressionScale != inForce.ExpressionScale)
                builder.Set(Control.ExpressionScale, wanted.ExpressionScale);
            if (wanted.Steps != inForce.Steps)
                builder.Set(Control.Steps, wanted.Steps);
            if (wanted.Seed != inForce.Seed)
                builder.Set(Control.Seed, wanted.Seed);
            if (wanted.ReferenceScale != inForce.ReferenceScale)
                builder.Set(Control.ReferenceScale, wanted.ReferenceScale);
            if (wanted.OtherLight(inForce))
                builder.Set(Control.Light, wanted.Light);
            if (wanted.Backdrop != inForce.Backdrop)
                builder.Set(Control.Backdrop, wanted.Backdrop);
            return builder;
        }
    }
}
