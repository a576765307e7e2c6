#version 330
// Gums and tongue, or teeth: wet, lit through the opening of the lips.
in vec3 P, N, Q;
in vec2 UV, O;
out vec4 colour;
uniform float teeth, mouth_open, tongue_out, enamel;
#include "noise.glsl"
#include "light.glsl"

vec3 gum_colour() {
    float tongue = UV.x;
    float groove = 1.0 - 0.35 * bump(Q.x, 0.22) * tongue;
    float buds = 0.88 + 0.24 * noise(Q * 6.0);
    return mix(vec3(0.50, 0.16, 0.15), vec3(0.55, 0.20, 0.19) * groove * buds, tongue);
}

vec3 tooth_colour() {
    float neck = smoothstep(0.5, 1.1, abs(Q.y + 3.35));
    vec3 c = mix(vec3(0.94, 0.88, 0.78), vec3(0.76, 0.66, 0.50), 0.55 * neck + 0.35 * (1.0 - enamel));
    return mix(c, c * vec3(0.92, 0.97, 1.04), bump(abs(Q.y + 3.35), 0.25) * 0.5);
}

void main() {
    vec3 view = to_eye(P), n = normalize(N);
    if (dot(n, view) < 0.0) n = -n;
    float front = smoothstep(5.5, 10.6, P.z);
    float light_in = mix(mix(0.34, 0.12, teeth), 1.0, front * front) * mix(mix(0.30, 0.75, teeth), 1.0, mouth_open);
    float out_front = smoothstep(11.0, 12.2, P.z);
    float open = mix(clamp(mix(O.x, O.y, max(mouth_open, 0.8 * teeth)), 0.12, 1.0) * light_in, 1.0, out_front);
    float shadow = key_reaches(P, n, 3.0) * mix(light_in, 1.0, out_front);
    vec3 albedo = teeth > 0.5 ? tooth_colour() * mix(0.55, 1.0, smoothstep(0.15, 0.6, O.y)) : gum_colour();
    vec3 c = matt(albedo, mix(n, view, 0.25), max(shadow, 0.25 * open), open);
    float wet = lobe(n, view, key_direction, 70.0) * shadow + 0.5 * lobe(n, view, fill_direction, 60.0) * open;
    c += key_colour * wet * mix(0.05, 0.09, teeth);
    colour = vec4(to_screen(c), 1.0);
}
