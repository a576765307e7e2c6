using System;
using System.Runtime.InteropServices;
using System.Text;

namespace FaceBridge.Transport
{
    /// <summary>How far the link has come; Broken is one that was done and ended.</summary>
    internal enum Handshake
    {
        Pending,
        Done,
        Refused,
        Broken,
    }

    /// <summary>A DEALER socket with a context of its own. It never blocks; closing takes at most <see cref="Farewell"/>.</summary>
    internal sealed class Dealer : IDisposable
    {
        /// <summary>Milliseconds the last messages have to leave when the socket is closed.</summary>
        public const int Farewell = 50;

        const int HighWater = 64;
        const string MonitorAddress = "inproc://monitor";

        readonly Part surplus = new Part();
        IntPtr context;
        IntPtr socket;
        IntPtr monitor;
        IntPtr frame;
        bool reached;

        /// <summary>Where the link stands; <see cref="Watch"/> keeps it up to date.</summary>
        public Handshake Handshake { get; private set; }

        /// <summary>Connections that broke before their handshake was done.</summary>
        public int FailedHandshakes { get; private set; }

        /// <summary>Begin to connect. ArgumentException where the address or the keys are none.</summary>
        public Dealer(string address, CurveKeys keys)
        {
            frame = Marshal.AllocHGlobal(LibZmq.MessageSize);
            context = LibZmq.zmq_ctx_new();
            socket = LibZmq.zmq_socket(context, LibZmq.Dealer);
            try
            {
                Configure(address);
                Secure(keys);
                OpenMonitor();
                if (LibZmq.zmq_connect(socket, address) != 0)
                    throw new ArgumentException("'" + address + "' is no address to connect to; write tcp://127.0.0.1:5570");
            }
            catch
            {
                Close(0);
                throw;
            }
        }

        /// <summary>Send one part; false where the socket cannot take it now.</summary>
        public bool TrySend(byte[] bytes, int count)
        {
            return LibZmq.zmq_send(socket, bytes, (UIntPtr)(uint)count, LibZmq.DontWait) >= 0;
        }

        /// <summary>
        /// Read a message into two buffers and return its number of parts, 0 where none has come. A message of one part
        /// leaves `pixels` as they are.
        /// </summary>
        public int TryReceive(Part header, Part pixels)
        {
            bool more;
            if (!TryReceivePart(socket, header, out more))
                return 0;
            int parts = 1;
            for (; more; parts++)
                if (!TryReceivePart(socket, parts == 1 ? pixels : surplus, out more))
                    break;
            return parts;
        }

        /// <summary>Take in what the monitor tells of the connection.</summary>
        public void Watch()
        {
            bool more;
            while (TryReceivePart(monitor, surplus, out more))
            {
                int name = surplus.Count >= 2 ? BitConverter.ToUInt16(surplus.Bytes, 0) : 0;
                while (more && TryReceivePart(monitor, surplus, out more))
                    continue;
                Note(name);
            }
        }

        /// <summary>Close at once; what was not yet sent is lost.</summary>
        public void Dispose()
        {
            Close(0);
        }

        /// <summary>Close; what was sent has `linger` milliseconds to leave.</summary>
        public void Close(int linger)
        {
            if (context == IntPtr.Zero)
                return;
            if (socket != IntPtr.Zero)
            {
                LibZmq.zmq_socket_monitor(socket, null, 0);
                Set(LibZmq.Linger, linger);
                LibZmq.zmq_close(socket);
            }
            if (monitor != IntPtr.Zero)
                LibZmq.zmq_close(monitor);
            LibZmq.zmq_ctx_term(context);
            Marshal.FreeHGlobal(frame);
            context = socket = monitor = frame = IntPtr.Zero;
        }

        void Configure(string address)
        {
            Set(LibZmq.Linger, 0);
            Set(LibZmq.Immediate, 1);
            Set(LibZmq.SendHighWater, HighWater);
            Set(LibZmq.ReceiveHighWater, HighWater);
            Set(LibZmq.ReconnectInterval, 50);
            Set(LibZmq.ReconnectIntervalMax, 200);
            Set(LibZmq.HandshakeInterval, 2000);
            Set(LibZmq.IPv6, address.StartsWith("tcp://[", StringComparison.Ordinal) ? 1 : 0);
            long most = Wire.Limits.MessageBytes;
            LibZmq.zmq_setsockopt(socket, LibZmq.MaxMessageSize, ref most, (UIntPtr)8u);
        }

        void Secure(CurveKeys keys)
        {
            if (keys.None)
                return;
            if (keys.Fault != "")
                throw new ArgumentException(keys.Fault.TrimEnd());
            if (LibZmq.zmq_has("curve") == 0)
                throw new ArgumentException("This build of libzmq has no CURVE: run fetch_natives.py for one that has.");
            Set(LibZmq.CurveServerKey, keys.Server, "server's public key");
            Set(LibZmq.CurvePublicKey, keys.Public, "public key");
            Set(LibZmq.CurveSecretKey, keys.Secret, "secret key");
        }

        void OpenMonitor()
        {
            const int Events = LibZmq.Connected | LibZmq.Disconnected | LibZmq.HandshakeSucceeded
                | LibZmq.HandshakeFailedNoDetail | LibZmq.HandshakeFailedProtocol | LibZmq.HandshakeFailedAuth;
            LibZmq.zmq_socket_monitor(socket, MonitorAddress, Events);
            monitor = LibZmq.zmq_socket(context, LibZmq.Pair);
            int none = 0;
            LibZmq.zmq_setsockopt(monitor, LibZmq.Linger, ref none, (UIntPtr)4u);
            LibZmq.zmq_connect(monitor, MonitorAddress);
        }

        void Note(int name)
        {
            if (name == LibZmq.Connected)
                reached = true;
            else if (name == LibZmq.HandshakeSucceeded)
                Handshake = Handshake.Done;
            else if (name == LibZmq.HandshakeFailedAuth || name == LibZmq.HandshakeFailedProtocol)
                Handshake = Handshake.Refused;
            else if (reached)
                Break();
        }

        /// <summary>The connection ended. A server that cannot read our first message with its key says no more than that.</summary>
        void Break()
        {
            reached = false;
            if (Handshake == Handshake.Pending)
                FailedHandshakes++;
            else if (Handshake == Handshake.Done)
                Handshake = Handshake.Broken;
        }

        bool TryReceivePart(IntPtr from, Part into, out bool more)
        {
            LibZmq.zmq_msg_init(frame);
            bool arrived = LibZmq.zmq_msg_recv(frame, from, LibZmq.DontWait) >= 0;
            if (arrived)
                into.Fill(LibZmq.zmq_msg_data(frame), (int)LibZmq.zmq_msg_size(frame).ToUInt32());
            more = arrived && LibZmq.zmq_msg_more(frame) != 0;
            LibZmq.zmq_msg_close(frame);
            return arrived;
        }

        void Set(int option, int value)
        {
            LibZmq.zmq_setsockopt(socket, option, ref value, (UIntPtr)4u);
        }

        void Set(int option, string key, string name)
        {
            byte[] ascii = Encoding.ASCII.GetBytes(key + "\0");
            if (LibZmq.zmq_setsockopt(socket, option, ascii, (UIntPtr)41u) != 0)
                throw new ArgumentException("The " + name + " is not Z85: copy it again from its file.");
        }
    }
}
