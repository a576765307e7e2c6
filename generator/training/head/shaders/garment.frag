#version 330
in vec3 P, N, Q;
out vec4 colour;
uniform vec3 garment_colour;
uniform float collar;
#include "noise.glsl"
#include "light.glsl"

void main() {
    float edge = -9.3 - 0.30 * (Q.z + 1.0) + 3.2 * (collar - 0.5) - Q.y;
    if (edge < 0.0) discard;
    vec3 view = to_eye(P), n = normalize(N);
    float folds = wave(vec3(Q.x * 0.35, Q.y * 0.8, Q.z * 0.35)) + 0.5 * wave(vec3(Q.x * 0.9 + Q.y * 0.5, Q.y * 1.2, Q.z * 0.8));
    float hem = smoothstep(0.95, 0.85, edge), rib = hem * 0.25 * sin(atan(Q.x, Q.z + 1.0) * 150.0);
    vec3 bent = normalize(n + vec3(0.10, 0.22, 0.0) * folds * (1.0 - hem) + 0.2 * rib * vec3(n.z, 0.0, -n.x));
    float seam = 1.0 - 0.45 * bump(edge - 0.92, 0.07) - 0.4 * smoothstep(0.12, 0.0, edge);
    float open = (0.70 + 0.18 * folds * (1.0 - hem)) * seam;
    vec3 c = matt(garment_colour * (0.9 + 0.2 * noise(Q * 9.0)), bent, key_reaches(P, n, 3.0), open);
    c += (0.02 + garment_colour) * 0.25 * sky_colour * pow(1.0 - max(dot(n, view), 0.0), 2.5) + rim(n, view, 1.0) * (0.1 + garment_colour);
    colour = vec4(to_screen(c), 1.0);
}
