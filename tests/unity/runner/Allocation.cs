using System;

namespace FaceBridge.Runner
{
    /// <summary>What frames cost: collections and bytes over many of them, after a warm-up.</summary>
    static class Allocation
    {
        public static void Print(string address, int warm, int count)
        {
            var client = new FaceBridgeClient("allocation");
            var picture = new ReceivedPicture();
            var settings = new StreamSettings { Address = address, Size = 64 };
            float[] values = new float[Wire.Bases.CurvesOf(settings.Basis).Length];
            client.Apply(settings);
            Frames(client, picture, settings, values, warm);
            GC.Collect();
            int collections = GC.CollectionCount(0);
            long bytes = GC.GetTotalMemory(true);
            Frames(client, picture, settings, values, count);
            bytes = GC.GetTotalMemory(false) - bytes;
            collections = GC.CollectionCount(0) - collections;
            client.Dispose();
            Console.WriteLine("{{\"collections\": {0}, \"bytes\": {1}, \"frames\": {2}}}", collections, bytes, count);
        }

        static void Frames(FaceBridgeClient client, ReceivedPicture picture, StreamSettings settings, float[] values, int count)
        {
            long end = Clock.Now + 120 * Clock.Second;
            for (int came = 0; came < count;)
            {
                if (Clock.Now > end)
                    throw new TimeoutException(client.Status);
                client.Apply(settings);
                values[17] = values[17] < 1 ? values[17] + 0.01f : 0;
                client.Send(settings.Basis, values, "10:20:30:12");
                came += client.Update(picture) ? 1 : 0;
                System.Threading.Thread.Sleep(1);
            }
        }
    }
}
