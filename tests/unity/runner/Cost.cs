using System;
using System.Diagnostics;
using System.Threading;

namespace FaceBridge.Runner
{
    /// <summary>Microseconds of the engine's frame that the client takes: medians over many, with a raw picture of 512 × 512.</summary>
    static class Cost
    {
        public static void Print(string address, int count)
        {
            var client = new FaceBridgeClient("cost");
            var picture = new ReceivedPicture();
            var settings = new StreamSettings { Address = address, Size = 512 };
            var sends = new double[count];
            var receipts = new double[count];
            float[] values = new float[55];
            client.Apply(settings);
            while (client.State != ClientState.Streaming)
            {
                client.Update(picture);
                Thread.Sleep(1);
            }
            for (int came = 0; came < count; Thread.Sleep(5))
            {
                values[17] = values[17] < 1 ? values[17] + 0.01f : 0;
                double send = Microseconds(() => client.Send(settings.Basis, values));
                bool fresh = false;
                double receipt = Microseconds(() => fresh = client.Update(picture));
                if (!fresh)
                    continue;
                sends[came] = send;
                receipts[came++] = receipt;
            }
            client.Dispose();
            Console.WriteLine("{{\"send\": {0:0.0}, \"receive\": {1:0.0}, \"bytes\": {2}}}", Median(sends), Median(receipts), picture.PixelBytes);
        }

        static double Microseconds(Action action)
        {
            long begun = Stopwatch.GetTimestamp();
            action();
            return (Stopwatch.GetTimestamp() - begun) * 1e6 / Stopwatch.Frequency;
        }

        static double Median(double[] values)
        {
            Array.Sort(values);
            return values[values.Length / 2];
        }
    }
}
