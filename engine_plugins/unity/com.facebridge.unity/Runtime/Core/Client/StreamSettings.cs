using System;
using FaceBridge.Transport;

namespace FaceBridge
{
    /// <summary>What the user wants: where the server is, who is drawn and how. Units and ranges are those of OPEN in SPEC.md.</summary>
    [Serializable]
    public sealed class StreamSettings
    {
        /// <summary>Where the server listens.</summary>
        public string Address = "tcp://127.0.0.1:5570";

        /// <summary>Keys of an encrypted link; empty for a server on this machine. They are secret, and no scene keeps them.</summary>
        [NonSerialized]
        public CurveKeys Keys;

        /// <summary>The performer's name, for logs; may be empty.</summary>
        public string Subject = "";

        /// <summary>Who is drawn; empty is the first of the server's list.</summary>
        public string Identity = "";

        /// <summary>What is sent: one of <see cref="Wire.Bases"/>.</summary>
        public string Basis = Wire.Bases.Arkit55;

        /// <summary>Width and height, pixels; 0 is what the server prefers.</summary>
        public int Size;

        /// <summary>How pixels travel: one of <see cref="Wire.Codecs"/>.</summary>
        public string Codec = Wire.Codecs.Rgba32;

        /// <summary>Which row comes first: "bottom" is what Unity's textures want.</summary>
        public string RowOrder = "bottom";

        /// <summary>Of the noise the pictures begin with, 0 .. 2^32-1.</summary>
        public uint Seed;

        /// <summary>Denoising steps, 0 .. 100; 0 is the model's own choice.</summary>
        public int Steps;

        /// <summary>Multiplies the expression, 0 .. 10.</summary>
        public double ExpressionScale = 1;

        /// <summary>How closely the reference picture is kept to, 0 .. 10.</summary>
        public double ReferenceScale = 0.8;

        /// <summary>Whether the light's angles below count; else the light is the model's own.</summary>
        public bool Lit;

        /// <summary>Degrees, -90 .. 90, + to the picture's right.</summary>
        public double LightAzimuth;

        /// <summary>Degrees, -30 .. 90, + up.</summary>
        public double LightElevation;

        /// <summary>"#rrggbb", "transparent", or empty: transparent where the codec has alpha, else a plain grey.</summary>
        public string Backdrop = "";

        /// <summary>A copy of its own.</summary>
        public StreamSettings Copy()
        {
            return (StreamSettings)MemberwiseClone();
        }

        /// <summary>Whether nothing differs.</summary>
        public bool Same(StreamSettings other)
        {
            return !OtherServer(other) && !OtherStream(other) && !OtherLook(other);
        }

        /// <summary>Whether these need another connection than `other`.</summary>
        internal bool OtherServer(StreamSettings other)
        {
            return Address != other.Address || Keys.Server != other.Keys.Server || Keys.Public != other.Keys.Public
                || Keys.Secret != other.Keys.Secret;
        }

        /// <summary>Whether these need another stream than `other`: what CONTROL cannot change.</summary>
        internal bool OtherStream(StreamSettings other)
        {
            return Subject != other.Subject || Basis != other.Basis || Size != other.Size || Codec != other.Codec
                || RowOrder != other.RowOrder;
        }

        /// <summary>Whether these differ from `other` in what CONTROL can change.</summary>
        internal bool OtherLook(StreamSettings other)
        {
            return Identity != other.Identity || Seed != other.Seed || Steps != other.Steps
                || ExpressionScale != other.ExpressionScale || ReferenceScale != other.ReferenceScale
                || OtherLight(other) || Backdrop != other.Backdrop;
        }

        internal bool OtherLight(StreamSettings other)
        {
            return Lit != other.Lit || Lit && (LightAzimuth != other.LightAzimuth || LightElevation != other.LightElevation);
        }

        /// <summary>A copy with the server's own identity and size where none is wished.</summary>
        internal StreamSettings Resolved(ServerOffer offer)
        {
            StreamSettings copy = Copy();
            if (copy.Identity == "" && offer.Identities.Length > 0)
                copy.Identity = offer.Identities[0];
            if (copy.Size == 0)
                copy.Size = offer.Sizes[0];
            return copy;
        }

        /// <summary>Whether these wish for all in which `refused` differs from `kept`.</summary>
        internal bool Insists(StreamSettings refused, StreamSettings kept)
        {
            return !Mixed(refused, kept, refused).OtherLook(this);
        }

        /// <summary>A copy that keeps what is in force in all in which `refused` differs from it.</summary>
        internal StreamSettings Without(StreamSettings refused, StreamSettings kept)
        {
            return Mixed(refused, kept, kept);
        }

        /// <summary>A copy with the look of `to` in all in which `refused` differs from `kept`.</summary>
        StreamSettings Mixed(StreamSettings refused, StreamSettings kept, StreamSettings to)
        {
            StreamSettings copy = Copy();
            if (refused.Identity != kept.Identity)
                copy.Identity = to.Identity;
            if (refused.Seed != kept.Seed)
                copy.Seed = to.Seed;
            if (refused.Steps != kept.Steps)
                copy.Steps = to.Steps;
            if (refused.ExpressionScale != kept.ExpressionScale)
                copy.ExpressionScale = to.ExpressionScale;
            if (refused.ReferenceScale != kept.ReferenceScale)
                copy.ReferenceScale = to.ReferenceScale;
            if (refused.Backdrop != kept.Backdrop)
                copy.Backdrop = to.Backdrop;
            if (refused.OtherLight(kept))
                copy.TakeLight(to);
            return copy;
        }

        void TakeLight(StreamSettings from)
        {
            Lit = from.Lit;
            LightAzimuth = from.LightAzimuth;
            LightElevation = from.LightElevation;
        }

        internal double[] Light
        {
            get { return Lit ? new[] { LightAzimuth, LightElevation } : new double[0]; }
        }
    }
}
