using System;
using System.Runtime.InteropServices;

namespace FaceBridge.Transport
{
    /// <summary>The few functions of libzmq's C API that a DEALER needs. The library lies in Plugins beside this package's code.</summary>
    internal static class LibZmq
    {
        const string Library = "libzmq";

        public const int Dealer = 5;
        public const int Pair = 0;
        public const int MessageSize = 64;

        public const int DontWait = 1;

        // Socket options.
        public const int Linger = 17;
        public const int ReconnectInterval = 18;
        public const int MaxMessageSize = 22;
        public const int SendHighWater = 23;
        public const int ReceiveHighWater = 24;
        public const int Immediate = 39;
        public const int IPv6 = 42;
        public const int CurvePublicKey = 48;
        public const int CurveSecretKey = 49;
        public const int CurveServerKey = 50;
        public const int HandshakeInterval = 66;
        public const int ReconnectIntervalMax = 21;

        // Events of a socket monitor.
        public const int Connected = 0x0001;
        public const int Disconnected = 0x0200;
        public const int HandshakeFailedNoDetail = 0x0800;
        public const int HandshakeSucceeded = 0x1000;
        public const int HandshakeFailedProtocol = 0x2000;
        public const int HandshakeFailedAuth = 0x4000;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void zmq_version(out int major, out int minor, out int patch);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, CharSet = CharSet.Ansi)]
        public static extern int zmq_has([MarshalAs(UnmanagedType.LPStr)] string capability);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern IntPtr zmq_ctx_new();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int zmq_ctx_term(IntPtr context);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern IntPtr zmq_socket(IntPtr context, int type);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int zmq_close(IntPtr socket);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int zmq_setsockopt(IntPtr socket, int option, ref int value, UIntPtr size);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int zmq_setsockopt(IntPtr socket, int option, ref long value, UIntPtr size);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int zmq_setsockopt(IntPtr socket, int option, byte[] value, UIntPtr size);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, CharSet = CharSet.Ansi)]
        public static extern int zmq_connect(IntPtr socket, [MarshalAs(UnmanagedType.LPStr)] string address);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, CharSet = CharSet.Ansi)]
        public static extern int zmq_socket_monitor(IntPtr socket, [MarshalAs(UnmanagedType.LPStr)] string address, int events);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int zmq_send(IntPtr socket, byte[] bytes, UIntPtr count, int flags);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int zmq_msg_init(IntPtr message);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int zmq_msg_recv(IntPtr message, IntPtr socket, int flags);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern IntPtr zmq_msg_data(IntPtr message);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern UIntPtr zmq_msg_size(IntPtr message);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int zmq_msg_more(IntPtr message);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int zmq_msg_close(IntPtr message);
    }
}
