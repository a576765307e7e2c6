using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>The stream as the server granted it, in OPENED.</summary>
    public sealed class Grant
    {
        /// <summary>Who is drawn.</summary>
        public readonly string Identity;

        /// <summary>What is sent.</summary>
        public readonly string Basis;

        /// <summary>Pixels, width and height.</summary>
        public readonly int Size;

        /// <summary>How pixels travel.</summary>
        public readonly string Codec;

        /// <summary>Denoising steps really taken.</summary>
        public readonly int Steps;

        /// <summary>In force.</summary>
        public readonly double ExpressionScale;

        /// <summary>In force.</summary>
        public readonly double ReferenceScale;

        /// <summary>What of the wishes has no effect, and how to get it; "" where nothing is lost.</summary>
        public readonly string Notice;

        internal Grant(Message opened)
        {
            Identity = opened.Text(Opened.Identity);
            Basis = opened.Text(Opened.Basis);
            Size = (int)opened.Integer(Opened.Size);
            Codec = opened.Chosen(Opened.Codec);
            Steps = (int)opened.Integer(Opened.Steps);
            ExpressionScale = opened.Number(Opened.ExpressionScale);
            ReferenceScale = opened.Number(Opened.ReferenceScale);
            Notice = opened.Text(Opened.Notice);
        }
    }
}
