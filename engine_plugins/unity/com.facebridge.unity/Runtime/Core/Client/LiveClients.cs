using System;
using System.Collections.Generic;

namespace FaceBridge
{
    /// <summary>The clients that are not closed: whatever ends the program's code ends them first, or their sockets would outlive it.</summary>
    public static class LiveClients
    {
        static readonly List<FaceBridgeClient> Clients = new List<FaceBridgeClient>();

        static LiveClients()
        {
            AppDomain.CurrentDomain.DomainUnload += (sender, arguments) => CloseAll();
        }

        /// <summary>How many there are.</summary>
        public static int Count
        {
            get
            {
                lock (Clients)
                    return Clients.Count;
            }
        }

        /// <summary>Close every client: before a domain or assembly reload, and when the editor or the player quits.</summary>
        public static void CloseAll()
        {
            FaceBridgeClient[] all;
            lock (Clients)
                all = Clients.ToArray();
            foreach (FaceBridgeClient client in all)
                client.Dispose();
        }

        internal static void Add(FaceBridgeClient client)
        {
            lock (Clients)
                Clients.Add(client);
        }

        internal static void Remove(FaceBridgeClient client)
        {
            lock (Clients)
                Clients.Remove(client);
        }
    }
}
