namespace FaceBridge.Wire
{
    /// <summary>Every kind of message.</summary>
    public static class Tables
    {
        /// <summary>All of them; STATS is there as the answer and as the request.</summary>
        public static readonly Table[] All =
        {
            Picture.Table, Opened.Table, Pong.Table, Ping.Table, Error.Table, Welcome.Table, Close.Table, Bye.Table,
            Hello.Table, Open.Table, Curves.Table, Ack.Table, Control.Table, Stats.Request, Stats.Table,
        };

        /// <summary>The first kind of this name; null where there is none.</summary>
        internal static Table Find(byte[] bytes, int start, int count)
        {
            foreach (Table table in All)
                if (Utf8.Same(bytes, start, count, table.Name))
                    return table;
            return null;
        }
    }
}
