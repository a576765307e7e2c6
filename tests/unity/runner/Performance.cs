using System;
using System.Threading;

namespace FaceBridge.Runner
{
    /// <summary>A client that performs 60 times a second until the process is ended.</summary>
    static class Performance
    {
        static readonly TimeSpan Beat = TimeSpan.FromSeconds(1.0 / 60);

        public static void Run(string address, string identity)
        {
            var settings = new StreamSettings { Address = address, Identity = identity, Size = 128 };
            var picture = new ReceivedPicture();
            var values = new float[Wire.Bases.CurvesOf(settings.Basis).Length];
            using (var client = new FaceBridgeClient("runner"))
            {
                client.Apply(settings);
                while (true)
                {
                    values[17] = (float)Math.Abs(Math.Sin(Clock.Now / 1e6));
                    client.Send(settings.Basis, values);
                    client.Update(picture);
                    Thread.Sleep(Beat);
                }
            }
        }
    }
}
