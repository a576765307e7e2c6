namespace FaceBridge.Wire
{
    /// <summary>The names a stream's choices have on the wire, as in protocol/registry.json.</summary>
    public static class Codecs
    {
        /// <summary>A JPEG file.</summary>
        public const string Jpeg = "jpeg";

        /// <summary>Three bytes a pixel: red, green, blue.</summary>
        public const string Rgb24 = "rgb24";

        /// <summary>Four bytes a pixel: red, green, blue, straight alpha.</summary>
        public const string Rgba32 = "rgba32";

        /// <summary>Every codec.</summary>
        public static readonly string[] All = { Jpeg, Rgb24, Rgba32 };

        /// <summary>Every order of rows.</summary>
        public static readonly string[] RowOrders = { "top", "bottom" };

        /// <summary>Every kind of delivery.</summary>
        public static readonly string[] Deliveries = { "newest", "every" };

        /// <summary>What a model may heed beside the identity.</summary>
        public static readonly string[] Capabilities = { "expression", "reference", "light", "alpha" };

        /// <summary>Bytes of one pixel, 0 where the codec compresses.</summary>
        public static int BytesPerPixel(string codec)
        {
            return codec == Rgba32 ? 4 : codec == Rgb24 ? 3 : 0;
        }
    }
}
