namespace FaceBridge.Wire
{
    /// <summary>The version and the limits of the protocol, as in protocol/registry.json.</summary>
    public static class Limits
    {
        /// <summary>The one version of the protocol this client speaks.</summary>
        public const int Version = 1;

        /// <summary>Bytes of part 0.</summary>
        public const int HeaderBytes = 65536;

        /// <summary>Bytes of all parts together.</summary>
        public const int MessageBytes = 67174400;

        /// <summary>Levels of maps and lists in part 0, the outermost map counted.</summary>
        public const int Nesting = 8;

        /// <summary>Entries of one map or list.</summary>
        public const int Entries = 1024;

        /// <summary>Bytes of a name, label or timecode.</summary>
        public const int NameBytes = 64;

        /// <summary>Bytes of a sentence for people.</summary>
        public const int TextBytes = 512;

        /// <summary>Names in one map of curves.</summary>
        public const int CurveNames = 256;

        /// <summary>Greatest magnitude of a curve.</summary>
        public const double CurveMagnitude = 100;

        /// <summary>Greatest sequence number, time and count.</summary>
        public const long Integer = long.MaxValue;

        /// <summary>Greatest stream number.</summary>
        public const int Stream = 65535;

        /// <summary>Greatest width and height, pixels.</summary>
        public const int Size = 4096;

        /// <summary>Greatest credit.</summary>
        public const int Credit = 1024;

        /// <summary>Greatest seed.</summary>
        public const long Seed = 4294967295;

        /// <summary>Greatest number of denoising steps.</summary>
        public const int Steps = 100;

        /// <summary>Greatest expression scale.</summary>
        public const double ExpressionScale = 10;

        /// <summary>Greatest reference scale.</summary>
        public const double ReferenceScale = 10;

        /// <summary>Greatest azimuth of a light, to either side, degrees.</summary>
        public const double LightAzimuth = 90;

        /// <summary>Greatest elevation of a light, degrees.</summary>
        public const double LightAbove = 90;

        /// <summary>Greatest elevation of a light below the eyes, degrees.</summary>
        public const double LightBelow = 30;

        /// <summary>Greatest rate a server may allow, CURVES per second.</summary>
        public const double Rate = 100000;
    }
}
