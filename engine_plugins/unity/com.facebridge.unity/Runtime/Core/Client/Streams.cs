using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>Where the messages a server sends about a stream have its number.</summary>
    internal static class Streams
    {
        public static Field Of(Table table)
        {
            return table == Picture.Table ? Picture.Stream
                : table == Opened.Table ? Opened.Stream
                : table == Close.Table ? Close.Stream
                : Error.Stream;
        }
    }
}
