using System;

namespace FaceBridge.Runner
{
    /// <summary>What a component does on the way from a mesh to curves, and from a lost picture to nothing.</summary>
    static class Capture
    {
        /// <summary>For each curve of arkit52 the index of the shape that is it.</summary>
        public static void Names(string[] shapes)
        {
            Console.WriteLine(Json.Of(BlendShapeNames.Match(shapes)));
        }

        public static void Head(float[] angles)
        {
            var values = new float[55];
            HeadAngles.Write(values, angles[0], angles[1], angles[2]);
            Console.WriteLine(Json.Of(new[] { values[52], values[53], values[54] }));
        }

        public static void Fade(float[] times)
        {
            var fade = new Fade();
            float before = fade.Presence(0, times[1], times[2]);
            fade.Refresh(100);
            Console.WriteLine(Json.Of(new[] { before, fade.Presence(100 + times[0], times[1], times[2]) }));
        }

        /// <summary>Two seconds of a jaw that opens, from one minute past ten.</summary>
        public static void Record(string path)
        {
            using (var take = new TakeRecorder(path))
                for (int frame = 0; frame < 120; frame++)
                {
                    var values = new float[55];
                    values[17] = frame / 120f;
                    values[52] = -0.25f;
                    take.Write(Wire.Bases.Arkit55, values, new TimeSpan(10, 1, 0) + TimeSpan.FromTicks(frame * TimeSpan.TicksPerSecond / 60));
                }
        }
    }
}
